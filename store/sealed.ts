import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a secret for storage by AES-256-GCM: nonce, tag, cipher text. `key` is 32 bytes; a fresh nonce each time, so
 * the same text never looks the same twice.
 */
export function seal(key: Uint8Array, text: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** @throws {SealError} when the bytes were not sealed under this key, or were changed since */
export function unseal(key: Uint8Array, bytes: Uint8Array): string {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const opened = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
    return Buffer.concat(opened).toString('utf8');
  } catch (cause) {
    throw new SealError(cause);
  }
}

/** The key is not the one that sealed this, or the bytes were altered. */
export class SealError extends Error {
  override readonly name = 'SealError';

  constructor(cause: unknown) {
    super('A stored secret cannot be opened: SANTONG_SECRET_KEY is not the key that sealed it, or it was altered.', {
      cause,
    });
  }
}
