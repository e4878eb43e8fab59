import { createHmac, timingSafeEqual } from 'node:crypto';

/** Headers of a message, in lower case as Node has them, and its body exactly as it came: not parsed and written again. */
interface Incoming {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** A message older or newer than this, in seconds, may be an old one that somebody sends again. */
const TOLERANCE = 300;

/** Whether a message comes from the platform: signed with the secret that was shown when the webhook was made. */
export function isGenuine({ headers, body }: Incoming, secret: string, now = Date.now()): boolean {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (!/^\d+$/.test(timestamp) || Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  // While a secret is being changed there are two signatures, and either will do.
  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => {
    const [version, given = ''] = signature.split(',');
    const bytes = Buffer.from(given, 'base64');
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}
