import type { Knex } from 'knex';
import type { Role } from '../domain/language.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

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
  /** Nobody has noted for a minute that it is in use. */
  readonly isUnseen: boolean;
}

/** What an OpenID provider has vouched for. */
export interface Vouched {
  /** The person, as the provider calls them. */
  readonly subject: string;
  /** The session at the provider, where it tells. */
  readonly session?: string;
  readonly sealedIdToken: Uint8Array;
}

export interface NewSession {
  readonly person: string;
  /** The network address that the login came from. */
  readonly address: string;
  /** The User-Agent of whoever logged in. */
  readonly agent: string;
  readonly vouched?: Vouched;
  /** SHA-256 of the token: the token itself is kept nowhere. */
  readonly tokenDigest: Uint8Array;
  readonly csrfDigest: Uint8Array;
  readonly seconds: number;
}

export async function insertSession(db: Knex, session: NewSession): Promise<Date> {
  const { vouched } = session;
  const rows = await db('sessions')
    .insert({
      token_digest: Buffer.from(session.tokenDigest),
      csrf_digest: Buffer.from(session.csrfDigest),
      person_id: session.person,
      expires_at: db.raw('now() + make_interval(secs => ?)', [session.seconds]),
      address: session.address,
      agent: session.agent,
      provider_subject: vouched?.subject ?? null,
      provider_session: vouched?.session ?? null,
      sealed_id_token: vouched ? Buffer.from(vouched.sealedIdToken) : null,
    })
    .returning<{ expires_at: Date }[]>('expires_at');
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
  is_unseen: boolean;
}

/** The holder of a session that is neither over nor revoked, of a person who is still active. */
export async function findSession(db: Knex, tokenDigest: Uint8Array): Promise<SessionHolder | undefined> {
  const asked = db.raw<{ rows: HolderRow[] }>(
    `select s.id as session_id, p.id as person, p.name, p.department_id as department, s.csrf_digest, s.expires_at,
            p.must_change_password as must_change,
            s.seen_at < now() - interval '1 minute' as is_unseen,
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
  const { csrf_digest: csrfDigest, expires_at: expiresAt, must_change: mustChangePassword, is_unseen: isUnseen } = row;
  return { sessionId, person, name, department, roles, csrfDigest, expiresAt, mustChangePassword, isUnseen };
}

/** Notes that a session is in use. */
export async function noteSeen(db: Knex, sessionId: string): Promise<void> {
  await db('sessions').where({ id: sessionId }).update({ seen_at: db.fn.now() });
}

/** A session as its own person sees it. */
export interface OwnSession {
  readonly id: string;
  readonly openedAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
  readonly address: string;
  readonly agent: string;
  readonly isVouched: boolean;
}

const LIVE = 'revoked_at is null and expires_at > now()';

/** The sessions of a person that are not over, the latest first. */
export async function listSessions(db: Knex, person: string, page: PageRequest): Promise<Page<OwnSession>> {
  const query = db('sessions')
    .select<(OwnSession & { key: string })[]>(
      db.raw(`id, created_at as "openedAt", seen_at as "seenAt", expires_at as "expiresAt", address, agent,
        provider_subject is not null as "isVouched", created_at::text as key`),
    )
    .where({ person_id: person })
    .whereRaw(LIVE)
    .orderByRaw('created_at desc, id desc')
    .limit(page.limit + 1);
  if (page.after) void query.whereRaw('(created_at, id) < (?::timestamptz, ?::uuid)', [...page.after]);
  return pageOf(await query, page.limit, { placeOf: ({ key, id }) => [key, id], read: withoutKey });
}

export interface WhichSessions {
  readonly person?: string;
  readonly id?: string;
  /** All but this one. */
  readonly except?: string;
  /** Those that a provider has vouched for, of this subject of it. */
  readonly subject?: string;
  /** Of them, those of this session at the provider. */
  readonly providerSession?: string;
}

/** Ends sessions that are not over, all that are meant at once. Says how many. */
export async function revokeSessions(db: Knex, which: WhichSessions): Promise<number> {
  const query = db('sessions').whereRaw(LIVE).update({ revoked_at: db.fn.now() });
  const { person, id, except, subject, providerSession } = which;
  if ([person, id, subject, providerSession].every((one) => one === undefined)) throw new Error('Whose sessions?');
  if (person !== undefined) void query.where({ person_id: person });
  if (id !== undefined) void query.where({ id });
  if (except !== undefined) void query.whereNot({ id: except });
  if (subject !== undefined) void query.where({ provider_subject: subject });
  if (providerSession !== undefined) {
    // A provider that told us of no session means all of its subject's.
    const own = subject === undefined ? 'provider_session' : 'coalesce(provider_session, :providerSession)';
    void query.whereRaw(`${own} = :providerSession`, { providerSession });
  }
  return query;
}

/** The ID token of a session that a provider has vouched for, sealed; undefined for any other. */
export async function sealedIdTokenOf(db: Knex, id: string): Promise<Uint8Array | undefined> {
  const row = await db('sessions').where({ id }).first<{ sealed_id_token: Buffer | null }>('sealed_id_token');
  return row?.sealed_id_token ?? undefined;
}
