import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionAnswer } from './answers.ts';
import { exitOf } from './exit-codes.ts';
import { Failure, type Problem } from './failure.ts';
import { type Language, type Say, sayIn } from './language.ts';

export interface Ask {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Bytes instead of a JSON body. */
  readonly raw?: Uint8Array;
}

/** The REST API as one account sees it. Everything rejects with a Failure. */
export interface Client {
  readonly url: string;
  get<T>(path: string, query?: Ask['query']): Promise<T>;
  /** Writes what is answered to a file as it comes; the file is there whole or not at all. */
  download(path: string, file: string, query?: Ask['query']): Promise<void>;
  /** A command: sent under a key of its own, again where the platform says to try again, and waited for until its outcome is known. */
  post<T>(path: string, ask?: Ask): Promise<T>;
  delete(path: string): Promise<void>;
}

export interface ClientOptions {
  readonly url: string;
  readonly language: Language;
  readonly token?: string;
  /** How long the outcome of a command that was only accepted is asked for, in milliseconds. */
  readonly patienceMs?: number;
}

const TRIES = 5;
const PATIENCE_MS = 30_000;
const ANSWER_WITHIN_MS = 120_000;

export function createClient({ url, language, token, patienceMs = PATIENCE_MS }: ClientOptions): Client {
  const say = sayIn(language);

  async function send(method: string, path: string, ask: Ask & { readonly key?: string }): Promise<Response> {
    const { query = {}, body, raw, key } = ask;
    const address = new URL(path, url);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    const hasBody = method === 'POST';
    try {
      return await fetch(address, {
        method,
        headers: {
          Accept: 'application/json, application/problem+json',
          'Accept-Language': language === 'zh' ? 'zh-CN' : 'en',
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(key === undefined ? {} : { 'Idempotency-Key': key }),
          ...(hasBody ? { 'Content-Type': raw ? 'application/octet-stream' : 'application/json' } : {}),
        },
        ...(hasBody ? { body: raw ? Buffer.from(raw) : JSON.stringify(body ?? {}) } : {}),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
    } catch (error) {
      const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new Failure(
        'unreachable',
        say(`无法连接平台 ${url}（${why}）`, `Cannot reach the platform at ${url} (${why})`),
      );
    }
  }

  async function answerOf(response: Response): Promise<unknown> {
    if (response.status === 204) return undefined;
    if (response.ok && isJson(response)) return response.json();
    throw await failureOf(response);
  }

  async function failureOf(response: Response): Promise<Failure> {
    const text = await response.text();
    const value: unknown = isJson(response) ? JSON.parse(text) : undefined;
    if (isProblem(value)) return new Failure(exitOf(response.status), value.title, value);
    return new Failure(
      exitOf(response.status),
      say(
        `${url} 的答复不是三通平台的答复（${response.status}）`,
        `${url} does not answer as Santong does (${response.status})`,
      ),
    );
  }

  /** Repeating is safe: the key makes it the same command. */
  async function command(path: string, ask: Ask & { readonly key: string }): Promise<Response> {
    for (let left = TRIES; ; left -= 1) {
      const response = await send('POST', path, ask);
      if (response.status !== 503 || left <= 1) return response;
      await response.arrayBuffer();
      await sleep(Math.min(Number(response.headers.get('Retry-After') ?? 1), 5) * 1_000);
    }
  }

  /** Asks what became of a command until it is known. Sent again after that, it has the answer it would have had. */
  async function settled(href: string): Promise<void> {
    for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(300)) {
      const found = (await answerOf(await send('GET', href, {}))) as { status: string; problem?: Problem };
      if (found.status === 'done') return;
      if (found.problem) throw new Failure(exitOf(found.problem.status), found.problem.title, found.problem);
    }
    throw new Failure(
      'pending',
      say(`已受理，结果尚未确定，可查询 ${href}`, `Accepted; its outcome is not yet known: ask ${href}`),
    );
  }

  return {
    url,
    async get<T>(path: string, query?: Ask['query']) {
      return (await answerOf(await send('GET', path, query ? { query } : {}))) as T;
    },
    async download(path, file, query) {
      const response = await send('GET', path, query ? { query } : {});
      if (!response.ok || response.body === null) throw await failureOf(response);
      await keep(response.body as unknown as ReadableStream, file, say);
    },
    async post<T>(path: string, ask: Ask = {}) {
      const keyed = { ...ask, key: randomUUID() };
      const response = await command(path, keyed);
      if (response.status !== 202) return (await answerOf(response)) as T;
      const { href } = (await response.json()) as { href: string };
      await settled(href);
      return (await answerOf(await command(path, keyed))) as T;
    },
    async delete(path) {
      await answerOf(await send('DELETE', path, {}));
    },
  };
}

/** Opens a session. Rejects with a Failure `notLoggedIn` for a wrong password or a locked account. */
export async function logIn(
  options: Omit<ClientOptions, 'token'>,
  credentials: { readonly account: string; readonly password: string },
): Promise<SessionAnswer> {
  return createClient(options).post<SessionAnswer>('/api/session', { body: credentials });
}

function isJson(response: Response): boolean {
  return /\bjson\b/.test(response.headers.get('Content-Type') ?? '');
}

/** Under another name until it is whole. @throws {Failure} usage, where no such file can be written */
async function keep(body: ReadableStream, file: string, say: Say): Promise<void> {
  const part = `${file}.part`;
  const out = await open(part, 'w').catch(async (error: unknown) => {
    await body.cancel();
    throw new Failure('usage', say(`无法写入 ${file}（${String(error)}）`, `Cannot write ${file} (${String(error)})`));
  });
  try {
    await pipeline(Readable.fromWeb(body), out.createWriteStream());
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new Failure('unreachable', say(`下载中断（${String(error)}）`, `The download broke off (${String(error)})`));
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'title' in value && 'code' in value && 'status' in value;
}
