import type { Config } from './config.ts';
import { present, type Reader } from './config-reader.ts';
import { address, claim, isLoopback, issuerUrl, listenAt, metricsToken, scopes, webUrl } from './config-values.ts';

/** The OpenID provider that people may log in by, and as what the platform is known to it. */
export interface SignOnSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Separated by spaces, `openid` among them. */
  readonly scopes: string;
  /** The claim that holds the account here. */
  readonly claim: string;
}

/** Only whoever names a provider needs the rest; where the provider sends people back to hangs on the public address. */
export function signOnIn(read: Reader): Pick<Config, 'signOn'> {
  const issuer = read.optional('SANTONG_OIDC_ISSUER', issuerUrl);
  const needed = issuer === undefined ? read.optional : read.required;
  const clientId = needed('SANTONG_OIDC_CLIENT_ID', (text) => text);
  const clientSecret = needed('SANTONG_OIDC_CLIENT_SECRET', (text) => text);
  const more = {
    scopes: read.optional('SANTONG_OIDC_SCOPES', scopes) ?? 'openid profile',
    claim: read.optional('SANTONG_OIDC_ACCOUNT_CLAIM', claim) ?? 'preferred_username',
  };
  if (issuer === undefined) return {};
  if (!read.given('SANTONG_PUBLIC_URL')) read.required('SANTONG_PUBLIC_URL', webUrl);
  if (clientId === undefined || clientSecret === undefined) return {};
  return { signOn: { issuer, clientId, clientSecret, ...more } };
}

/** An address that others reach is not opened without a token. */
export function metricsIn(read: Reader): Pick<Config, 'metricsToken' | 'workerMetrics' | 'temporalMetrics'> {
  const workerMetrics = read.optional('SANTONG_WORKER_METRICS', listenAt);
  const isOpen = workerMetrics !== undefined && !isLoopback(workerMetrics.host);
  return {
    ...present('metricsToken', (isOpen ? read.required : read.optional)('SANTONG_METRICS_TOKEN', metricsToken)),
    ...present('workerMetrics', workerMetrics),
    ...present('temporalMetrics', read.optional('SANTONG_TEMPORAL_METRICS', address)),
  };
}
