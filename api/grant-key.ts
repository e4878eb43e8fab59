import { createHash, randomBytes } from 'node:crypto';

/** Keys begin alike, so that whoever finds one in a file knows what it is. */
const PREFIX = 'stk_';

export interface NewKey {
  /** Shown once, kept by nobody here. */
  readonly text: string;
  readonly digest: Buffer;
  readonly hint: string;
}

/** A key of 32 random bytes: with that much chance in it a plain SHA-256 tells nobody anything. */
export function newKey(): NewKey {
  const text = PREFIX + randomBytes(32).toString('base64url');
  return { text, digest: keyDigest(text), hint: text.slice(-4) };
}

export function keyDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function isKey(text: string): boolean {
  return /^stk_[\w-]{43}$/.test(text);
}
