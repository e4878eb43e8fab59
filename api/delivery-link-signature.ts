import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** The signature of a link: nobody can make a link, or prolong one, without the platform's key. */
export function linkSignature(secretKey: Uint8Array, id: string, expires: number): string {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'santong delivery link', 32));
  return createHmac('sha256', key).update(`${id}\n${expires}`).digest('base64url');
}

export function isLinkSignature(
  secretKey: Uint8Array,
  { id, expires, signature }: { readonly id: string; readonly expires: number; readonly signature: string },
): boolean {
  const [given, expected] = [Buffer.from(signature), Buffer.from(linkSignature(secretKey, id, expires))];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
