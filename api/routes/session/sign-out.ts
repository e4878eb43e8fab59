import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { unseal } from '../../../store/sealed.ts';
import { sealedIdTokenOf } from '../../../store/sessions.ts';
import type { Caller } from '../../endpoint.ts';
import type { Login } from '../../login.ts';
import type { Provider } from '../../sign-on/provider.ts';

/** What the routes of sessions are given. */
export interface SessionDeps {
  readonly db: Knex;
  readonly logger: Logger;
  readonly secretKey: Uint8Array;
  readonly login: Login;
  /** Absent where none is set up. */
  readonly provider: Provider | undefined;
}

/** Where the provider that has vouched for the caller's session logs out as well; undefined where none has. */
export async function signOutAt(
  { db, secretKey, provider }: SessionDeps,
  { sessionId }: Caller,
): Promise<string | undefined> {
  const sealed = provider && (await sealedIdTokenOf(db, sessionId));
  return sealed ? provider.signOutAt(unseal(secretKey, sealed)) : undefined;
}
