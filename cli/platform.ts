import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionAnswer } from './answers.ts';
import { type Client, createClient, logIn } from './client.ts';
import type { Environment } from './environment.ts';
import { Failure } from './failure.ts';
import { type Language, sayIn } from './language.ts';

/** What the options say about whom to talk to, and as whom. */
export interface Whom {
  readonly url?: string;
  readonly account?: string;
  readonly password?: string;
}

interface KeptSession {
  readonly url: string;
  readonly account: string;
  readonly token: string;
  readonly expiresAt: string;
}

export interface Platform {
  /** The address of the platform: given, or that of the one running on this machine. Rejects with `unreachable`. */
  address(): Promise<string>;
  /** Logged in as whoever the options, the environment or the kept session name. Rejects with `notLoggedIn`. */
  connect(): Promise<Client>;
  /** Logged in as this account of the demonstration. */
  connectAs(account: string): Promise<Client>;
  /** Opens a session and keeps it for the commands that follow. */
  keepSession(): Promise<SessionAnswer>;
  /** Ends the kept session; false where there is none. */
  endSession(): Promise<boolean>;
}

const SESSION_FILE = 'cli-session.json';

export function createPlatform(environment: Environment, whom: Whom, language: Language): Platform {
  const say = sayIn(language);
  const sessionPath = join(environment.dataDir, SESSION_FILE);
  const given = { account: whom.account ?? environment.account, password: whom.password ?? environment.password };

  async function address(): Promise<string> {
    const url = whom.url ?? environment.url ?? (await runningUrl(environment.dataDir));
    if (url === undefined) {
      throw new Failure(
        'unreachable',
        say(
          '没有找到运行中的平台。请先在检出目录运行 npm start，或用 --url（SANTONG_URL）指定地址。',
          'No running platform was found. Run npm start in the checkout, or name an address by --url (SANTONG_URL).',
        ),
      );
    }
    if (!URL.canParse(url)) throw new Failure('usage', say(`不是网址：${url}`, `Not an address: ${url}`));
    return url;
  }

  async function credentials(): Promise<{ account: string; password: string }> {
    const { account } = given;
    if (account === undefined) {
      throw new Failure(
        'notLoggedIn',
        say(
          '请用 --account（SANTONG_ACCOUNT）指定账号，或先运行 santong login。',
          'Name an account by --account (SANTONG_ACCOUNT), or run santong login first.',
        ),
      );
    }
    const password = given.password ?? (await writtenPasswords(environment.dataDir)).get(account);
    if (password === undefined) {
      throw new Failure(
        'notLoggedIn',
        say(
          `没有账号 ${account} 的密码：请用 SANTONG_PASSWORD 或 --password 给出。`,
          `No password for ${account}: give it by SANTONG_PASSWORD or --password.`,
        ),
      );
    }
    return { account, password };
  }

  async function keptSession(url: string): Promise<KeptSession | undefined> {
    const kept = await readJson<KeptSession>(sessionPath);
    const isGood = kept?.url === url && Date.parse(kept.expiresAt) > Date.now();
    return isGood ? kept : undefined;
  }

  return {
    address,
    async connect() {
      const url = await address();
      const kept = given.account === undefined ? await keptSession(url) : undefined;
      const token = kept?.token ?? (await logIn({ url, language }, await credentials())).token;
      return createClient({ url, language, token });
    },
    async connectAs(account) {
      const url = await address();
      const password = (await writtenPasswords(environment.dataDir)).get(account) ?? given.password;
      if (password === undefined) {
        throw new Failure(
          'notLoggedIn',
          say(`accounts.json 中没有账号 ${account}`, `accounts.json has no account ${account}`),
        );
      }
      const { token } = await logIn({ url, language }, { account, password });
      return createClient({ url, language, token });
    },
    async keepSession() {
      const url = await address();
      const { account, password } = await credentials();
      const session = await logIn({ url, language }, { account, password });
      const kept: KeptSession = { url, account, token: session.token, expiresAt: session.expiresAt };
      await mkdir(environment.dataDir, { recursive: true });
      await writeFile(sessionPath, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
      // The mode above counts for a new file only.
      await chmod(sessionPath, 0o600);
      return session;
    },
    async endSession() {
      const url = await address();
      const kept = await keptSession(url);
      if (!kept) return false;
      await createClient({ url, language, token: kept.token }).delete('/api/session');
      await writeFile(sessionPath, '{}\n');
      return true;
    },
  };
}

/** The address that the single-machine mode wrote down, if something answers there. */
export async function runningUrl(dataDir: string): Promise<string | undefined> {
  const state = await readJson<{ url?: string; port?: number }>(join(dataDir, 'state.json'));
  const url = state?.url ?? (state?.port === undefined ? undefined : `http://127.0.0.1:${state.port}`);
  return url !== undefined && (await isLive(url)) ? url : undefined;
}

async function isLive(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/api/health/live', url), { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function writtenPasswords(dataDir: string): Promise<ReadonlyMap<string, string>> {
  const written = await readJson<{ accounts?: readonly { account: string; password: string }[] }>(
    join(dataDir, 'accounts.json'),
  );
  return new Map((written?.accounts ?? []).map(({ account, password }) => [account, password]));
}

export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
