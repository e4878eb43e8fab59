import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SessionAnswer } from './answers.ts';
import { exitOf } from './exit-codes.ts';
import { Failure, type Problem } from './failure.ts';
import type { Language } from './language.ts';
import { sayIn } from './language.ts';

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
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('Content-Type') ?? '');
    const value: unknown = isJson ? JSON.parse(text) : undefined;
    if (response.ok && isJson) return value;
    throw isProblem(value)
      ? new Failure(exitOf(response.status), value.title, value)
      : new Failure(
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

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'title' in value && 'code' in value && 'status' in value;
}
