import type { Fault } from '../../../domain/language.ts';
import { setPassword } from '../../../store/people.ts';
import { revokeSessions } from '../../../store/sessions.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { hashOf } from '../../login.ts';
import { Problem } from '../../problem.ts';
import { passwordBody } from './schema.ts';
import type { SessionDeps } from './sign-out.ts';

export function passwordEndpoints({ db, login }: SessionDeps): Endpoint[] {
  /** Wrong ones count as failed logins: whoever finds a screen unlocked cannot try them all. */
  async function isRight(account: string, password: string): Promise<boolean> {
    try {
      await login(account, password);
      return true;
    } catch (error) {
      if (error instanceof Problem && error.code === 'LoginRefused') return false;
      throw error;
    }
  }

  return [
    endpoint({
      method: 'put',
      path: '/api/me/password',
      tag: 'session',
      summary: 'Change my password; the present one is needed, and all my other sessions end',
      access: 'anyone',
      body: passwordBody,
      answers: { 204: undefined },
      async handle({ body: { present, next }, actor, caller }) {
        const faults: Fault[] = [
          ...(next === present ? [{ pointer: '/next', code: 'PasswordSame' }] : []),
          ...(next.toLowerCase().includes(actor.person.toLowerCase())
            ? [{ pointer: '/next', code: 'PasswordNamesAccount' }]
            : []),
          ...((await isRight(actor.person, present)) ? [] : [{ pointer: '/present', code: 'PasswordWrong' }]),
        ];
        if (faults.length > 0) throw new Problem('Invalid', { faults });
        const passwordHash = await hashOf(next);
        await db.transaction(async (trx) => {
          await setPassword(trx, actor.person, passwordHash);
          await revokeSessions(trx, { person: actor.person, except: caller.sessionId });
        });
        return { status: 204 };
      },
    }),
  ];
}
