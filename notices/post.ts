import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { AddressForbidden, type AddressGuard } from './addresses.ts';

export interface PostOptions {
  readonly guard: AddressGuard;
  /** For everything from the name to the last byte of the answer that is read, in milliseconds. */
  readonly timeoutMs: number;
}

/** What a receiver answered: its status and the first bytes of its body, for whoever looks for what went wrong. */
export interface PostAnswer {
  readonly status: number;
  readonly said: string;
  /** Seconds after which the receiver wants to be asked again. */
  readonly retryAfter?: number;
}

/** As much of an answer is read; the rest is not waited for. */
const MOST_READ = 512;

/**
 * Sends a body to an address, once. No redirect is followed, no cookie or connection kept.
 * @throws what stood in the way: no such name, no connection, no answer in time, an address that is not permitted
 */
export async function post(
  url: URL,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  { guard, timeoutMs }: PostOptions,
): Promise<PostAnswer> {
  if (guard.forbids(url.hostname)) throw new AddressForbidden('The address is not permitted');
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const bytes = Buffer.from(body, 'utf8');
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = request(url, {
      method: 'POST',
      agent: false,
      lookup: guard.lookup,
      signal,
      headers: { ...headers, 'Content-Length': bytes.length, Connection: 'close' },
    });
    // Also after the answer: an error that nobody hears would end the process.
    sent.on('error', (error) => reject(signal.aborted ? new Error('No answer in time') : error));
    sent.once('response', (response) => {
      readStart(response).then((said) => {
        const retryAfter = Number(response.headers['retry-after'] ?? Number.NaN);
        const wish = Number.isInteger(retryAfter) && retryAfter > 0 ? { retryAfter } : {};
        resolve({ status: response.statusCode ?? 0, said, ...wish });
        sent.destroy();
      }, reject);
    });
    sent.end(bytes);
  });
}

/** The status is the answer: a body that breaks off or never ends changes nothing about it. */
async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_READ) break;
    }
  } catch {
    // What came so far is enough.
  }
  // Text of others: no control characters into the database, no half characters at the cut.
  const text = Buffer.concat(chunks).subarray(0, MOST_READ).toString('utf8');
  return text.replaceAll(/[\p{Cc}\uFFFD]+/gu, ' ').trim();
}
