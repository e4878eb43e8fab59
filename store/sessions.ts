import type { Knex } from 'knex';
import type { Role } from '../domain/language.ts';

/** Who a session belongs to, as things stand now: roles taken away are gone with the next request. */
export interface SessionHolder {
  readonly sessionId: string;
  readonly person: string;
  readonly name: string;
  readonly department: string;
  readonly roles: readonly Role[];
  readonly csrfDigest: Uint8Array;
  readonly expiresAt: Date;
  /** The password was given out by an administrator: nothing else can be done before another is chosen. */
  readonly mustChangePassword: boolean;
}

export interface NewSession {
  readonly person: string;
  /** SHA-256 of the token: the token itself is kept nowhere. */
  readonly tokenDigest: Uint8Array;
  readonly csrfDigest: Uint8Array;
  readonly seconds: number;
}

export async function insertSession(db: Knex, session: NewSession): Promise<Date> {
  const { rows } = await db.raw<{ rows: { expires_at: Date }[] }>(
    `insert into sessions (token_digest, csrf_digest, person_id, expires_at)
     values (?, ?, ?, now() + make_interval(secs => ?)) returning expires_at`,
    [Buffer.from(session.tokenDigest), Buffer.from(session.csrfDigest), session.person, session.seconds],
  );
  const [row] = rows;
  if (!row) throw new Error('A session was not stored');
  return row.expires_at;
}

interface HolderRow {
  session_id: string;
  person: string;
  name: string;
  department: string;
  roles: Role[];
  csrf_digest: Buffer;
  expires_at: Date;
  must_change: boolean;
}

/** The holder of a session that is neither over nor revoked, of a person who is still active. */
export async function findSession(db: Knex, tokenDigest: Uint8Array): Promise<SessionHolder | undefined> {
  const asked = db.raw<{ rows: HolderRow[] }>(
    `select s.id as session_id, p.id as person, p.name, p.department_id as department, s.csrf_digest, s.expires_at,
            p.must_change_password as must_change,
            array(select r.role from person_roles r
                   where r.person_id = p.id and r.department_id = p.department_id order by r.role) as roles
       from sessions s join people p on p.id = s.person_id
      where s.token_digest = ? and s.revoked_at is null and s.expires_at > now() and p.active`,
    [Buffer.from(tokenDigest)],
  );
  const { rows } = await asked.options({ name: 'session' });
  const [row] = rows;
  if (!row) return undefined;
  const { session_id: sessionId, person, name, department, roles } = row;
  const { csrf_digest: csrfDigest, expires_at: expiresAt, must_change: mustChangePassword } = row;
  return { sessionId, person, name, department, roles, csrfDigest, expiresAt, mustChangePassword };
}

export async function revokeSession(db: Knex, sessionId: string): Promise<void> {
  await db('sessions').where({ id: sessionId }).whereNull('revoked_at').update({ revoked_at: db.fn.now() });
}

/** Ends every session of a person, but for one. */
export async function revokeSessionsOf(db: Knex, person: string, but?: string): Promise<void> {
  const open = db('sessions').where({ person_id: person }).whereNull('revoked_at');
  if (but !== undefined) void open.whereNot({ id: but });
  await open.update({ revoked_at: db.fn.now() });
}
