import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import { PASSWORD_COST } from '../store/people.ts';
import type { SeedAccount } from './departments.ts';

/** What is written down once, for whoever runs the demonstration; never in the repository or a log. */
export interface WrittenAccount extends SeedAccount {
  readonly password: string;
}

export async function hashPassword(password: string): Promise<string> {
  return hash(password, PASSWORD_COST);
}

/**
 * Passwords for accounts that the database does not have yet, written to `accounts.json` before they are used. A file left
 * by a seed that was cut off is gone on with, so that what it says stays true; `given` is one password for all.
 */
export async function writePasswords(
  folder: string,
  accounts: readonly SeedAccount[],
  given: string | undefined,
): Promise<readonly WrittenAccount[]> {
  if (accounts.length === 0) return [];
  const path = join(folder, 'accounts.json');
  const before = await readWritten(path);
  const written = accounts.map((account) => ({
    ...account,
    password: given ?? before.get(account.account)?.password ?? randomBytes(12).toString('base64url'),
  }));
  for (const account of written) before.set(account.account, account);
  await mkdir(folder, { recursive: true });
  await writePrivately(path, `${JSON.stringify({ accounts: [...before.values()] }, undefined, 2)}\n`);
  return written;
}

/**
 * The addresses of the departments' databases, for whoever runs the demonstration on this machine and wants to look: the
 * platform itself reads only what it keeps sealed. Readable by the owner of the folder alone, like the key that seals.
 */
export async function writeAddresses(folder: string, addresses: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const text = JSON.stringify({ departments: Object.fromEntries(addresses) }, undefined, 2);
  await writePrivately(join(folder, 'departments.json'), `${text}\n`);
}

async function readWritten(path: string): Promise<Map<string, WrittenAccount>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw error;
  }
  const { accounts } = JSON.parse(text) as { accounts: WrittenAccount[] };
  return new Map(accounts.map((account) => [account.account, account]));
}

/** Made beside and renamed, and on the disk before anything relies on it: half a file would lose every password. */
async function writePrivately(path: string, text: string): Promise<void> {
  const beside = `${path}.part`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
