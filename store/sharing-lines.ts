import type { Knex } from 'knex';
import type { Grant } from '../domain/grant.ts';
import { type SharingLine, sharingLinesOf } from '../domain/sharing.ts';
import type { Viewer } from './cases.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

/** Lets a grant be delivered under from now on. `nth` tells the lines after a suspension from those before it. */
export async function insertLines(trx: Knex, grant: Grant, since: string, nth = 1): Promise<void> {
  const lines = sharingLinesOf(grant).map((line, index) => ({ ...line, id: `${grant.id}/${nth}.${index + 1}` }));
  await trx('sharing_lines').insert(
    lines.map((line) => ({
      id: line.id,
      grant_id: grant.id,
      case_id: grant.caseId,
      department_id: line.department,
      entry_id: line.entryId,
      line: JSON.stringify(line),
      since,
    })),
  );
}

/** Nothing goes under a grant from now on, until lines are put in again. */
export async function endLines(trx: Knex, grantId: string, until: string): Promise<void> {
  await trx('sharing_lines').where({ grant_id: grantId }).whereNull('until').update({ until });
}

/**
 * The lines in force that speak of this department and entry: the few that Casbin is asked about. Where the entry was
 * withdrawn with its grants, each has one beside it that denies the same, whether or not its grant has ended by now.
 */
export async function linesFor(knex: Knex, department: string, entryId: string): Promise<SharingLine[]> {
  const rows = await knex('sharing_lines')
    .where({ department_id: department, entry_id: entryId })
    .whereNull('until')
    .select<{ line: SharingLine }[]>('line');
  const lines = rows.map((row) => row.line);
  const withdrawn = await knex('catalogue_publications')
    .where({ entry_id: entryId, kind: 'withdraw', grants: 'terminate' })
    .first('position');
  if (!withdrawn) return lines;
  return [...lines, ...lines.map((line) => ({ ...line, id: `withdrawn/${line.id}`, effect: 'deny' as const }))];
}

export interface LineOn {
  readonly id: string;
  readonly grantId: string;
  readonly grantNumber: string;
  readonly caseId: string;
  readonly caseNumber: string;
  readonly provider: string;
  readonly line: SharingLine;
  readonly grant: Grant;
  readonly since: Date;
  /** Null while it is in force. */
  readonly until: Date | null;
}

export interface LineFilter {
  /** Calendar date in Asia/Shanghai. */
  readonly on: string;
  readonly entryId?: string | undefined;
  readonly item?: string | undefined;
  readonly department?: string | undefined;
}

/**
 * The lines under which data could go at some time of a day: in force then, and for a period that the day lies in. Lines end
 * and are never changed, so any day of the past can be asked about. Latest first.
 */
export async function linesOn(
  db: Knex,
  { viewer, filter, page }: { readonly viewer: Viewer; readonly filter: LineFilter; readonly page: PageRequest },
): Promise<Page<LineOn>> {
  const { on, entryId, item, department } = filter;
  const query = db('sharing_lines as l')
    .join('grants as g', 'g.id', 'l.grant_id')
    .join('cases as c', 'c.id', 'l.case_id')
    .select<(LineOn & { key: string })[]>(
      db.raw(`l.id, l.grant_id as "grantId", g.number as "grantNumber", l.case_id as "caseId", c.number as "caseNumber",
        g.provider_id as provider, l.line, g.body as "grant", l.since, l.until, l.since::text as key`),
    )
    .whereRaw(`l.since < (?::date + 1)::timestamp at time zone 'Asia/Shanghai'`, [on])
    .whereRaw(`(l.until is null or l.until >= ?::date::timestamp at time zone 'Asia/Shanghai')`, [on])
    .whereRaw(`?::text between l.line->>'validFrom' and l.line->>'validTo'`, [on])
    .orderByRaw('l.since desc, l.id desc')
    .limit(page.limit + 1);
  if (!viewer.all) void query.whereRaw('? in (g.requester_id, g.provider_id)', [viewer.department]);
  if (entryId !== undefined) void query.where('l.entry_id', entryId);
  if (department !== undefined) void query.where('l.department_id', department);
  if (item !== undefined) void query.whereRaw(`jsonb_exists(l.line->'items', ?)`, [item]);
  if (page.after) void query.whereRaw('(l.since, l.id) < (?::timestamptz, ?)', [...page.after]);
  return pageOf(await query, page.limit, { placeOf: (row) => [row.key, row.id], read: withoutKey });
}
