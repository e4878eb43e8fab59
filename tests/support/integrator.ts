import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from './api.ts';

/** A command that the platform has answered for: with its outcome, or with an address to ask. */
export interface Given {
  /** The command's id in the platform's database. */
  readonly id: string;
  readonly answer: Answer;
  /** How often the same request had to be sent, and whether its outcome had to be asked for. */
  readonly sent: number;
  readonly asked: boolean;
}

/** A client as a careful department writes it: what got no answer is sent again under the same key, 202 is followed up. */
export interface Integrator {
  get(account: string, path: string): Promise<Answer>;
  /** The final answer: never a 202, a 429, a 503 or silence. */
  post(account: string, path: string, body: unknown): Promise<Given>;
  /** Every command that the platform has answered for so far, with a status below 300. */
  readonly given: readonly Given[];
  /** Answers that no client can make anything of, as `POST /path 500`. */
  readonly faults: readonly string[];
  /** How often each kind of hindrance was met. */
  readonly met: Readonly<Record<string, number>>;
}

export interface IntegratorOptions {
  /** Asked before every request: after a new start the platform may be elsewhere. */
  readonly url: () => string;
  /** Where accounts.json lies. */
  readonly dataDir: string;
  /** How long one request is waited for, in milliseconds. */
  readonly patienceMs?: number;
  /** How long one command may take with everything that happens in between, in milliseconds. */
  readonly withinMs?: number;
}

const PAUSE_MS = 150;

export function createIntegrator({
  url,
  dataDir,
  patienceMs = 8_000,
  withinMs = 120_000,
}: IntegratorOptions): Integrator {
  const given: Given[] = [];
  const faults: string[] = [];
  const met: Record<string, number> = {};
  const tokens = new Map<string, Promise<string>>();

  /** Repeats one request until something answers that is neither silence nor "come again". */
  async function persist(method: string, path: string, init: RequestInit): Promise<{ answer: Answer; sent: number }> {
    const deadline = Date.now() + withinMs;
    for (let sent = 1; ; sent += 1) {
      const answer = await once(url() + path, { ...init, method, signal: AbortSignal.timeout(patienceMs) });
      if (typeof answer !== 'string' && answer.status < 500) return { answer, sent };
      const hindrance = typeof answer === 'string' ? answer : String(answer.status);
      met[hindrance] = (met[hindrance] ?? 0) + 1;
      if (typeof answer !== 'string' && answer.status !== 503) faults.push(`${method} ${path} ${answer.status}`);
      if (Date.now() > deadline) throw new Error(`No answer to ${method} ${path} in time; last: ${hindrance}`);
      await sleep(PAUSE_MS);
    }
  }

  function token(account: string): Promise<string> {
    const known = tokens.get(account) ?? login(account);
    tokens.set(account, known);
    return known;
  }

  async function login(account: string): Promise<string> {
    const body = JSON.stringify({ account, password: passwordOf(dataDir, account) });
    const headers = { 'Content-Type': 'application/json' };
    const { answer } = await persist('POST', '/api/session', { body, headers });
    if (answer.status >= 300) throw new Error(`${account} cannot log in: ${JSON.stringify(answer.body)}`);
    return answer.body.token;
  }

  async function get(account: string, path: string): Promise<Answer> {
    const headers = { Authorization: `Bearer ${await token(account)}` };
    return (await persist('GET', path, { headers })).answer;
  }

  async function post(account: string, path: string, content: unknown): Promise<Given> {
    const key = randomUUID();
    const headers = {
      Authorization: `Bearer ${await token(account)}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    };
    const body = JSON.stringify(content);
    const first = await persist('POST', path, { body, headers });
    let { answer } = first;
    const asked = answer.status === 202;
    if (asked) {
      met['202'] = (met['202'] ?? 0) + 1;
      await settled(account, answer.body.href);
      // Asked for under the same key, the outcome comes in the shape of a first answer.
      ({ answer } = await persist('POST', path, { body, headers }));
    }
    const one: Given = { id: `${account}:${key}`, answer, sent: first.sent, asked };
    if (answer.status < 300) given.push(one);
    return one;
  }

  async function settled(account: string, href: string): Promise<void> {
    const deadline = Date.now() + withinMs;
    while ((await get(account, href)).body.status === 'pending') {
      if (Date.now() > deadline) throw new Error(`${href} is still pending`);
      await sleep(PAUSE_MS);
    }
  }

  return { get, post, given, faults, met };
}

/** The answer, or in one word why there is none. */
async function once(address: string, init: RequestInit): Promise<Answer | string> {
  try {
    const response = await fetch(address, init);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  } catch (error) {
    // Node's own errors are of another realm than a test's Error: they are known by their shape.
    const { name, cause } = error as { name: string; cause?: { code?: string } };
    return cause?.code ?? name;
  }
}

function passwordOf(dataDir: string, account: string): string {
  const { accounts } = JSON.parse(readFileSync(join(dataDir, 'accounts.json'), 'utf8')) as {
    accounts: readonly { account: string; password: string }[];
  };
  const found = accounts.find((one) => one.account === account);
  if (!found) throw new Error(`accounts.json has no ${account}`);
  return found.password;
}
