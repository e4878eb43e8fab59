import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Asks with the session of an account; POST where there is a body. Rejects unless it is answered with 200 or 201. */
export type Call = (account: string, path: string, body?: unknown) => Promise<unknown>;

/** Logs accounts in at a platform that runs, by the passwords that its seed wrote down. */
export async function signIn(
  { url, dataDir }: { readonly url: string; readonly dataDir: string },
  wanted: readonly string[],
): Promise<Call> {
  const { accounts } = JSON.parse(readFileSync(join(dataDir, 'accounts.json'), 'utf8')) as {
    accounts: { account: string; password: string }[];
  };
  const tokens = new Map<string, string>();
  for (const account of wanted) {
    const password = accounts.find((one) => one.account === account)?.password;
    const answer = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account, password }),
    });
    tokens.set(account, ((await answer.json()) as { token: string }).token);
  }
  return async (account, path, body) => {
    const headers = { authorization: `Bearer ${tokens.get(account)}`, 'content-type': 'application/json' };
    const answer = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? headers : { ...headers, 'idempotency-key': randomUUID() },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.status !== 200 && answer.status !== 201) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
}
