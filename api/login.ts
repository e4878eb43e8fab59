import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Knex } from 'knex';
import { findAccount, LOCK_OUT, noteFailedLogin, noteLogin } from '../store/people.ts';
import { gate } from './gate.ts';
import { Problem } from './problem.ts';

/** Logs in, and gives the person's id. @throws {Problem} LoginRefused, whatever was wrong; AccountLocked */
export type Login = (account: string, password: string) => Promise<string>;

/** The cost that seeded accounts have (Argon2id is the library's default), so that an account that does not exist takes as long as one that does. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** A password as it is kept. */
export function hashOf(password: string): Promise<string> {
  return hash(password, COST);
}

export function createLogin({ db }: { readonly db: Knex }): Login {
  const decoy = hash(randomBytes(32), COST);
  const oneByOne = queue();
  const strangers = strangerCounts();
  const enter = gate(AT_ONCE);

  async function attempt(account: string, password: string): Promise<string> {
    const known = await findAccount(db, account);
    const lockedFor = known ? known.lockedFor : strangers.lockedFor(account);
    // A locked account says so before the password is looked at: a right one is not told either.
    if (lockedFor > 0) throw new Problem('AccountLocked', { retryAfter: lockedFor });
    const isRight = await verify(known?.passwordHash ?? (await decoy), password);
    if (known && isRight) {
      await noteLogin(db, known.id);
      return known.id;
    }
    if (known) await noteFailedLogin(db, known.id);
    else strangers.noteFailure(account);
    throw new Problem('LoginRefused');
  }

  // Tries of one account wait for each other: many at once would all be looked at before the first is counted.
  return async (account, password) => {
    const leave = enter('login');
    if (!leave) throw new Problem('Unavailable', { retryAfter: 1 });
    try {
      return await oneByOne(account, () => attempt(account, password));
    } finally {
      leave();
    }
  };
}

/** Each try costs 20 ms of a core and 19 MiB: more at once would leave nothing for those who are in. */
const AT_ONCE = 100;

/** Accounts that do not exist are locked like those that do, or the lock would tell which exist. */
function strangerCounts() {
  const failures = new Map<string, { count: number; lockedUntil: number }>();
  return {
    lockedFor(account: string): number {
      return Math.max(0, Math.ceil(((failures.get(account)?.lockedUntil ?? 0) - Date.now()) / 1_000));
    },
    noteFailure(account: string): void {
      const count = (failures.get(account)?.count ?? 0) + 1;
      failures.delete(account);
      const isLocked = count >= LOCK_OUT.failures;
      failures.set(account, {
        count: isLocked ? 0 : count,
        lockedUntil: isLocked ? Date.now() + LOCK_OUT.seconds * 1_000 : 0,
      });
      const [oldest] = failures.keys();
      if (failures.size > MOST_STRANGERS && oldest !== undefined) failures.delete(oldest);
    },
  };
}

const MOST_STRANGERS = 10_000;

/** Runs what has the same key one after another. */
function queue() {
  const last = new Map<string, Promise<unknown>>();
  return async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
