import { createHash, hkdfSync } from 'node:crypto';
import { PSEUDONYM_LENGTH } from '../domain/masking.ts';

/** SHA-256 works on blocks of so many bytes, to which HMAC fills up its key (RFC 2104). */
const BLOCK_BYTES = 64;

/**
 * The pseudonyms of one grant: HMAC-SHA-256 under a salt that is the grant's own. Both members are functions, so that
 * whatever prints or stores the object has nothing of the salt.
 */
export interface Pseudonyms {
  /** Of a value that is not empty, in UTF-8: 32 hexadecimal digits. */
  readonly of: (value: string) => string;
  /**
   * The settings under which a session of a department's database makes the same pseudonyms (`PSEUDONYM_SETTINGS`). They
   * are as secret as the salt: they go into the start of a connection and into no statement.
   */
  readonly settings: () => Readonly<Record<string, string>>;
}

/** What the session's settings are called that hold the two padded keys of the HMAC, in hex. */
export const PSEUDONYM_SETTINGS = { inner: 'santong.inner', outer: 'santong.outer' } as const;

/**
 * The salt is derived from the platform's secret and the grant's id (HKDF-SHA-256, RFC 5869) and is stored nowhere. So the
 * same value has the same pseudonym in every delivery of one grant, and nobody without the platform's secret can tell
 * which pseudonyms of two grants are of the same value.
 */
export function pseudonymsOf(secretKey: Uint8Array, grantId: string): Pseudonyms {
  const salt = new Uint8Array(hkdfSync('sha256', secretKey, '', `santong/pseudonym/${grantId}`, 32));
  const inner = padded(salt, 0x36);
  const outer = padded(salt, 0x5c);
  return {
    of: (value) =>
      sha256(outer, sha256(inner, Buffer.from(value, 'utf8')))
        .toString('hex')
        .slice(0, PSEUDONYM_LENGTH),
    settings: () => ({
      [PSEUDONYM_SETTINGS.inner]: inner.toString('hex'),
      [PSEUDONYM_SETTINGS.outer]: outer.toString('hex'),
    }),
  };
}

function padded(salt: Uint8Array, filling: number): Buffer {
  return Buffer.alloc(BLOCK_BYTES, filling).map((byte, at) => byte ^ (salt[at] ?? 0)) as Buffer;
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
