import { randomInt } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { Knex } from 'knex';
import type { Fault } from '../domain/language.ts';
import { setPassword } from '../store/directory.ts';
import { PASSWORD_COST } from '../store/people.ts';
import { revokeSessions } from '../store/sessions.ts';
import type { Caller } from './endpoint.ts';
import type { Login } from './login.ts';
import { Problem } from './problem.ts';

/** Without letters and digits that are taken for one another when they are read out. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 16;

/** A password that an administrator hands over: about 92 bits. */
export function newPassword(): string {
  return Array.from({ length: LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');
}

export async function hashed(password: string): Promise<string> {
  return hash(password, PASSWORD_COST);
}

/**
 * Gives the caller another password and ends all other sessions. A wrong present one counts as a failed login: whoever
 * finds a screen unlocked cannot try them all.
 * @throws {Problem} AccountLocked; Invalid with all that is wrong
 */
export async function choosePassword(
  { db, login }: { readonly db: Knex; readonly login: Login },
  { actor, sessionId }: Caller,
  { current, next }: { readonly current: string; readonly next: string },
): Promise<void> {
  const isRight = await login(actor.person, current).then(() => true, refused);
  const wrong = isRight ? [] : [{ pointer: '/current', code: 'PasswordWrong' }];
  const faults = [...wrong, ...faultsOf({ current, next, account: actor.person })];
  if (faults.length > 0) throw new Problem('Invalid', { faults });
  const passwordHash = await hashed(next);
  await db.transaction(async (trx) => {
    await setPassword(trx, { id: actor.person, passwordHash, once: false });
    await revokeSessions(trx, { person: actor.person, except: sessionId });
  });
}

function refused(error: unknown): false {
  if (error instanceof Problem && error.code === 'LoginRefused') return false;
  throw error;
}

function faultsOf(given: { readonly current: string; readonly next: string; readonly account: string }): Fault[] {
  const isLikeAccount = given.next.toLowerCase().includes(given.account.toLowerCase());
  return [
    ...(given.next === given.current ? [{ pointer: '/next', code: 'PasswordSame' }] : []),
    ...(isLikeAccount ? [{ pointer: '/next', code: 'PasswordLikeAccount' }] : []),
  ];
}
