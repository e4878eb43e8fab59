import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Mount, ServiceMount } from '../domain/catalogue.ts';
import type { Probe } from '../domain/data-source.ts';
import { valueAt } from '../domain/merge-patch.ts';
import type { AddressGuard } from '../notices/addresses.ts';
import { failureOf, SourceFailure } from './failure.ts';
import type { Look } from './looker.ts';
import { columnsOf, SAMPLE_RECORDS } from './records.ts';

export interface Place {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly guard: AddressGuard;
  /** For everything from the name to the last byte, in milliseconds. */
  readonly timeoutMs: number;
}

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_REDIRECTS = 3;

/** Asks the base address: any answer but a refusal or a failure of the server says that the service is there. */
export async function probeService(place: Place): Promise<Probe> {
  const began = performance.now();
  const { status, server } = await get(new URL(place.url), place);
  const latencyMs = Math.round(performance.now() - began);
  refuse(status);
  return { latencyMs, ...(server === undefined ? {} : { version: server }) };
}

/** Looks at the fields of what addresses answer, one after another. */
export async function lookAtServices(place: Place, mounts: readonly Mount[]): Promise<Look[]> {
  const looks: Look[] = [];
  for (const mount of mounts) looks.push('path' in mount ? await lookAt(place, mount) : { outcome: 'gone' });
  return looks;
}

async function lookAt(place: Place, mount: ServiceMount): Promise<Look> {
  try {
    const { status, body } = await get(addressOf(place.url, mount.path), place);
    if (status === 404 || status === 410) return { outcome: 'gone' };
    refuse(status);
    if (status !== 200) throw new SourceFailure('StatusUnexpected');
    return { outcome: 'found', physical: { kind: 'service', columns: columnsOf(recordsIn(body, mount)) } };
  } catch (error) {
    const failure = failureOf(error);
    if (failure instanceof SourceFailure) return { outcome: 'failed', reason: failure.reason };
    throw failure;
  }
}

function refuse(status: number): void {
  if (status === 401) throw new SourceFailure('LoginRefused');
  if (status === 403) throw new SourceFailure('NoPermission');
  if (status === 429 || status === 503) throw new SourceFailure('SourceBusy');
  if (status >= 500) throw new SourceFailure('StatusUnexpected');
}

/** Below the base address and nowhere else. @throws {SourceFailure} PathOutside */
export function addressOf(base: string, path: string): URL {
  const from = new URL(base);
  if (path === '') return from;
  const root = from.href.endsWith('/') ? from.href : `${from.href}/`;
  const text = root + path.replace(/^\/+/, '');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isBelow = url?.origin === from.origin && url.pathname.startsWith(new URL(root).pathname) && url.hash === '';
  if (!url || !isBelow) throw new SourceFailure('PathOutside');
  return url;
}

/**
 * Asks the address of a mount, with parameters: all records of the answer, none where there are none.
 * @throws {SourceFailure} TooLarge above so many bytes
 */
export async function callService(
  place: Place,
  mount: ServiceMount,
  { parameters, maxBytes }: { readonly parameters: URLSearchParams; readonly maxBytes: number },
): Promise<Record<string, unknown>[]> {
  const url = addressOf(place.url, mount.path);
  for (const [name, value] of parameters) url.searchParams.append(name, value);
  const { status, body } = await get(url, place, { maxBytes });
  refuse(status);
  if (status !== 200) throw new SourceFailure('StatusUnexpected');
  return allRecordsIn(body, mount);
}

function recordsIn(body: string, mount: ServiceMount): Record<string, unknown>[] {
  const list = allRecordsIn(body, mount);
  if (list.length === 0) throw new SourceFailure('NoRecords');
  return list.slice(0, SAMPLE_RECORDS);
}

/** @throws {SourceFailure} AnswerUnreadable where it is not JSON, or no records are where they should be */
function allRecordsIn(body: string, { records }: ServiceMount): Record<string, unknown>[] {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw new SourceFailure('AnswerUnreadable');
  }
  const found = records === undefined || records === '' ? answer : valueAt(answer, records);
  const list = Array.isArray(found) ? (found as unknown[]) : [found];
  const isSound = list.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  if (!isSound) throw new SourceFailure('AnswerUnreadable');
  return list as Record<string, unknown>[];
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly server?: string;
}

/** What the service asks for to let the platform in goes to its own origin only: a redirect elsewhere is not followed. */
async function get(
  url: URL,
  place: Place,
  { redirects = 0, maxBytes = MOST_BYTES }: { readonly redirects?: number; readonly maxBytes?: number } = {},
): Promise<Answer> {
  const response = await sent(url, place);
  const { statusCode: status = 0, headers } = response;
  if (status >= 300 && status < 400 && headers.location !== undefined) {
    response.destroy();
    const next = URL.canParse(headers.location, url.href) ? new URL(headers.location, url) : undefined;
    if (next?.origin !== url.origin || redirects >= MOST_REDIRECTS) throw new SourceFailure('RedirectRefused');
    return get(next, place, { redirects: redirects + 1, maxBytes });
  }
  const body = await bodyOf(response, maxBytes);
  const { server } = headers;
  return { status, body, ...(typeof server === 'string' ? { server: server.slice(0, 100) } : {}) };
}

async function sent(url: URL, { guard, headers, timeoutMs }: Place): Promise<IncomingMessage> {
  if (guard.forbids(url.hostname)) throw new SourceFailure('AddressNotReachable');
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method: 'GET',
      agent: false,
      lookup: guard.lookup,
      signal,
      headers: { ...headers, Accept: 'application/json', 'Accept-Encoding': 'identity', Connection: 'close' },
    });
    asked.on('error', (error) => reject(signal.aborted ? new SourceFailure('TimedOut') : (failureOf(error) as Error)));
    asked.once('response', resolve);
    asked.end();
  });
}

async function bodyOf(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw new SourceFailure('TooLarge');
      chunks.push(chunk);
    }
  } catch (error) {
    const failure = failureOf(error);
    throw failure instanceof SourceFailure ? failure : new SourceFailure('TimedOut');
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks).toString('utf8');
}
