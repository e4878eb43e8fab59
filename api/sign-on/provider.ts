import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as openid from 'openid-client';
import type { SignOnSettings } from '../../config-parts.ts';
import type { Flow } from './flow.ts';

/** Why somebody is not logged in by the provider, as the page of the portal says it. */
export const SIGN_ON_FAULTS = ['down', 'expired', 'denied', 'failed', 'unknown'] as const;
export type SignOnFault = (typeof SIGN_ON_FAULTS)[number];

export class SignOnError extends Error {
  override readonly name = 'SignOnError';
  readonly fault: SignOnFault;

  constructor(fault: SignOnFault, cause?: unknown) {
    super(fault, { cause });
    this.fault = fault;
  }
}

/** Who has logged in at the provider. */
export interface SignedOn {
  /** What the configured claim says; undefined where it says nothing. */
  readonly account: string | undefined;
  readonly subject: string;
  readonly session?: string;
  readonly idToken: string;
}

/** Whose sessions end because they have logged out at the provider, or one of them. */
export interface LoggedOut {
  readonly subject?: string;
  readonly session?: string;
}

/** The OpenID provider (OpenID Connect Core 1.0): code flow with PKCE, state and nonce. */
export interface Provider {
  /** Where a flow goes on. `isAgain`: the provider asks who it is even if it knows somebody. @throws {SignOnError} */
  begin(next: string, isAgain: boolean): Promise<{ readonly url: string; readonly flow: Flow }>;
  /** @throws {SignOnError} */
  finish(flow: Flow, answer: URLSearchParams): Promise<SignedOn>;
  /** Where to log out there as well, and be sent back from; undefined where it offers none or does not answer. */
  signOutAt(idToken: string): Promise<string | undefined>;
  /** What a logout token says (OpenID Connect Back-Channel Logout 1.0, section 2.6); undefined where it is not one. */
  loggedOut(token: string): Promise<LoggedOut | undefined>;
}

/** Seconds that the provider may take for an answer. */
const PATIENCE_SECONDS = 10;
/** After so many milliseconds what the provider says of itself is asked for again. */
const KNOWN_MS = 3_600_000;
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

export function createProvider(settings: SignOnSettings, publicUrl: string): Provider {
  const { issuer, clientId, clientSecret, scopes, claim } = settings;
  const redirectUri = (): string => `${publicUrl}/api/session/oidc/callback`;
  let known: { readonly at: number; readonly config: Promise<openid.Configuration> } | undefined;

  /** Asked for once, and again after it has failed or grown old. */
  async function configuration(): Promise<openid.Configuration> {
    if (!known || Date.now() - known.at > KNOWN_MS) known = { at: Date.now(), config: discover() };
    try {
      return await known.config;
    } catch (error) {
      known = undefined;
      throw new SignOnError('down', error);
    }
  }

  function discover(): Promise<openid.Configuration> {
    const server = new URL(issuer);
    // The settings let plain HTTP in on this machine alone.
    const execute = server.protocol === 'http:' ? [openid.allowInsecureRequests] : [];
    return openid.discovery(server, clientId, clientSecret, undefined, { execute, timeout: PATIENCE_SECONDS });
  }

  async function userinfo(config: openid.Configuration, token: string, subject: string): Promise<unknown> {
    if (config.serverMetadata().userinfo_endpoint === undefined) return undefined;
    return (await openid.fetchUserInfo(config, token, subject))[claim];
  }

  return {
    async begin(next, isAgain) {
      const config = await configuration();
      const codeVerifier = openid.randomPKCECodeVerifier();
      const flow = { state: openid.randomState(), nonce: openid.randomNonce(), codeVerifier, next, at: Date.now() };
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri(),
        scope: scopes,
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(isAgain ? { prompt: 'login' } : {}),
      });
      return { url: url.href, flow };
    },
    async finish(flow, answer) {
      const config = await configuration();
      try {
        const tokens = await openid.authorizationCodeGrant(config, new URL(`${redirectUri()}?${answer.toString()}`), {
          pkceCodeVerifier: flow.codeVerifier,
          expectedState: flow.state,
          expectedNonce: flow.nonce,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (!claims || tokens.id_token === undefined) throw new SignOnError('failed');
        const { sub: subject, sid } = claims;
        const said = claims[claim] ?? (await userinfo(config, tokens.access_token, subject));
        return {
          account: typeof said === 'string' ? said : undefined,
          subject,
          ...(typeof sid === 'string' ? { session: sid } : {}),
          idToken: tokens.id_token,
        };
      } catch (error) {
        throw asSignOnError(error);
      }
    },
    async signOutAt(idToken) {
      try {
        const config = await configuration();
        if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
        const url = openid.buildEndSessionUrl(config, {
          id_token_hint: idToken,
          post_logout_redirect_uri: `${publicUrl}/login`,
        });
        return url.href;
      } catch {
        return undefined;
      }
    },
    async loggedOut(token) {
      const { jwks_uri: keys, issuer: by } = (await configuration()).serverMetadata();
      if (keys === undefined) return undefined;
      try {
        const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(keys)), {
          issuer: by,
          audience: clientId,
          maxTokenAge: '5 minutes',
          requiredClaims: ['iat', 'jti', 'events'],
        });
        const isLogout = Object.hasOwn(Object(payload['events']) as object, LOGOUT_EVENT);
        const { sub: subject, sid: session } = payload;
        if (!isLogout || payload['nonce'] !== undefined) return undefined;
        if (subject === undefined && typeof session !== 'string') return undefined;
        return {
          ...(subject === undefined ? {} : { subject }),
          ...(typeof session === 'string' ? { session } : {}),
        };
      } catch {
        return undefined;
      }
    },
  };
}

function asSignOnError(error: unknown): SignOnError {
  if (error instanceof SignOnError) return error;
  // The provider has refused in so many words, for one because somebody has thought better of it.
  if (error instanceof openid.AuthorizationResponseError) return new SignOnError('denied', error);
  const code = error instanceof openid.ClientError ? error.code : undefined;
  const isAway = error instanceof TypeError || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT';
  return new SignOnError(isAway ? 'down' : 'failed', error);
}
