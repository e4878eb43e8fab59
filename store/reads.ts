import type { Knex } from 'knex';
import { endOfDay, startOfDay } from '../domain/calendar.ts';
import { type Page, pageOf, type PageRequest } from './keyset.ts';

/** What was read of one case, by its id. */
export const CASE_READS = ['case', 'events', 'history', 'state', 'form', 'evidence', 'replay', 'verification'] as const;
/** What else was read: one thing by its id, or a list by what was searched for. */
export const READ_KINDS = [
  ...CASE_READS,
  'attachment',
  'cases',
  'chains',
  'grants',
  'grant',
  'calls',
  'sharing-lines',
  'deliveries',
  'delivery',
] as const;
export type ReadKind = (typeof READ_KINDS)[number];

export interface Read {
  readonly person: string;
  readonly what: ReadKind;
  /** Of a list, what was searched for, as `name=value&…`: empty for all of it. */
  readonly targetId: string;
  /** Null where the address does not name it. */
  readonly caseId: string | null;
  /** The event after which a case was looked at as it stood then; null where it was looked at as it is. */
  readonly event: number | null;
  /** The network address that it was asked from. */
  readonly address: string;
  readonly requestId: string;
}

export interface ReadRow extends Read {
  readonly id: string;
  readonly personName: string;
  readonly caseNumber: string | null;
  readonly caseTitle: string | null;
  readonly readAt: Date;
}

export interface ReadFilter {
  readonly person?: string;
  readonly caseId?: string;
  readonly what?: ReadKind;
  /** Dates in Asia/Shanghai, both included. */
  readonly from?: string;
  readonly to?: string;
}

export async function insertRead(db: Knex, read: Read): Promise<void> {
  const { person, what, targetId, caseId, event, address, requestId } = read;
  await db('reads').insert({
    person_id: person,
    what,
    target_id: targetId,
    case_id: caseId,
    event,
    address,
    request_id: requestId,
  });
}

/** The latest first. */
export async function listReads(db: Knex, filter: ReadFilter, page: PageRequest): Promise<Page<ReadRow>> {
  const query = db('reads as r')
    .join('people as p', 'p.id', 'r.person_id')
    .leftJoin('cases as c', 'c.id', 'r.case_id')
    .select<ReadRow[]>(
      db.raw(`r.id::text as id, r.person_id as person, p.name as "personName", r.what, r.target_id as "targetId",
        r.case_id as "caseId", r.event, c.number as "caseNumber", c.title as "caseTitle", r.address,
        r.request_id as "requestId", r.read_at as "readAt"`),
    )
    .orderBy('r.id', 'desc')
    .limit(page.limit + 1);
  if (filter.person !== undefined) void query.where('r.person_id', filter.person);
  if (filter.caseId !== undefined) void query.where('r.case_id', filter.caseId);
  if (filter.what !== undefined) void query.where('r.what', filter.what);
  if (filter.from !== undefined) void query.where('r.read_at', '>=', startOfDay(filter.from));
  if (filter.to !== undefined) void query.where('r.read_at', '<=', endOfDay(filter.to));
  if (page.after) void query.whereRaw('r.id < ?::bigint', [page.after[0]]);
  return pageOf(await query, page.limit, { placeOf: ({ id }) => [id, id], read: (row) => row });
}
