import type { Fault } from '../domain/language.ts';
import { createAddressGuard } from '../notices/addresses.ts';
import { Problem } from './problem.ts';

/**
 * The address of a webhook as it is kept. What a name leads to is only known, and checked, when something is sent to it.
 * @throws {Problem} Invalid
 */
export function webhookTarget(text: string, networks: readonly string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fault = (code: string): Fault => ({ pointer: '/url', code });
  if (!url || !/^https?:$/.test(url.protocol) || url.username + url.password + url.hash !== '') {
    throw new Problem('Invalid', { faults: [fault('Malformed')] });
  }
  if (createAddressGuard(networks).forbids(url.hostname)) {
    throw new Problem('Invalid', { faults: [fault('AddressNotPermitted')] });
  }
  return url.href;
}
