import { ATTEMPTS, pauseAfter } from '../domain/notices/retry.ts';
import { unseal } from '../store/sealed.ts';
import type { Attempt, DeliveryOutcome, DueDelivery } from '../store/webhook-queue.ts';
import { post, type PostAnswer, type PostOptions } from './post.ts';
import { signatureHeaders } from './signature.ts';

export type Pause = typeof pauseAfter;

export interface CarrierOptions extends PostOptions {
  readonly secretKey: Uint8Array;
  /** Another rhythm, for tests. */
  readonly pause?: Pause;
}

/** The most that a receiver's Retry-After is heeded, in seconds. */
const LONGEST_WISH = 3_600;

/** One attempt at a delivery: signs, sends and says what is to become of it. Never throws for what the receiver does. */
export async function carry(delivery: DueDelivery, options: CarrierOptions): Promise<DeliveryOutcome> {
  const began = performance.now();
  const now = new Date();
  const made = await attempt(delivery, options, now).catch(reasonOf);
  const answer = typeof made === 'string' ? undefined : made;
  const done = answer !== undefined && answer.status >= 200 && answer.status < 300;
  const log: Attempt = {
    at: now.toISOString(),
    ms: Math.round(performance.now() - began),
    ...(answer ? { status: answer.status } : {}),
    ...(done ? {} : { error: typeof made === 'string' ? made : made.said }),
  };
  if (done) return { attempt: log, status: 'delivered' };
  // 410 Gone: the receiver says that it never wants to be asked again.
  const pause = answer?.status === 410 ? undefined : pauseFor(delivery, options);
  if (pause === undefined) return { attempt: log, status: 'dead' };
  const wish = Math.min(answer?.retryAfter ?? 0, LONGEST_WISH) * 1_000;
  return { attempt: log, status: 'pending', retryInMs: Math.max(pause, wish) };
}

async function attempt(delivery: DueDelivery, options: CarrierOptions, now: Date): Promise<PostAnswer> {
  const { id, url, body } = delivery;
  const secrets = delivery.secrets.map((sealed) => unseal(options.secretKey, sealed));
  const timestamp = Math.floor(now.getTime() / 1_000);
  const headers = {
    'Content-Type': 'application/cloudevents+json; charset=utf-8',
    'User-Agent': 'Santong-Webhooks/1',
    ...signatureHeaders(secrets, { id, timestamp, body }),
  };
  return post(new URL(url), { headers, body }, options);
}

function pauseFor({ attempts }: DueDelivery, { pause = pauseAfter }: CarrierOptions): number | undefined {
  return attempts + 1 >= ATTEMPTS ? undefined : pause(attempts + 1, Math.random());
}

/** The cause by its code, which tells more than a sentence does: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const words = typeof message === 'string' && message !== '' ? [message] : [];
  return (typeof code === 'string' ? [code, ...words] : words).join(': ') || 'Failed';
}
