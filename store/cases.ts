import type { Knex } from 'knex';
import { endOfDay, startOfDay } from '../domain/calendar.ts';
import type { CaseState, Verdict } from '../domain/case.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

/** Whose eyes a query looks through: one department's, or everyone's (the authority and the auditor). */
export type Viewer = { readonly all: true } | { readonly all: false; readonly department: string };

export interface CaseRow {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly title: string;
  readonly status: string;
  readonly stage: string | null;
  readonly requester: string;
  readonly provider: string;
  readonly applicant: string;
  /** What a share request asks for; null where the case is about something else. */
  readonly entryId: string | null;
  readonly entryVersion: number | null;
  readonly aboutGrantId: string | null;
  readonly aboutCaseId: string | null;
  readonly formId: string;
  readonly formVersion: number;
  readonly state: CaseState;
  readonly seq: number;
  readonly dueOn: string | null;
  readonly openedAt: Date;
  readonly updatedAt: Date;
  readonly endedAt: Date | null;
}

const COLUMNS = `c.id, c.number, c.kind, c.title, c.status, c.stage, c.requester_id as requester,
  c.provider_id as provider, c.applicant_id as applicant, c.entry_id as "entryId", c.entry_version as "entryVersion",
  c.about_grant_id as "aboutGrantId", c.about_case_id as "aboutCaseId",
  c.form_id as "formId", c.form_version as "formVersion", c.state, c.seq, c.due_on::text as "dueOn",
  c.opened_at as "openedAt", c.updated_at as "updatedAt", c.ended_at as "endedAt"`;

export interface CaseFilter {
  readonly status?: string;
  readonly requester?: string;
  readonly provider?: string;
  readonly applicant?: string;
  /** The process. */
  readonly kind?: string;
  /** Cases about this grant, or about or going on from this case. */
  readonly grant?: string;
  readonly follows?: string;
  /** Part of the number or the title. */
  readonly q?: string;
  /** Any department that takes part. */
  readonly department?: string;
  /** Whoever answered in it, and how somebody answered: with both, how that person did. */
  readonly decider?: string;
  readonly decision?: Verdict;
  /** Part of the name of whoever filed or answered, or the whole of their id. */
  readonly person?: string;
  /** What the form as it stands asks for. */
  readonly entry?: string;
  readonly item?: string;
  /** When it was filed: dates in Asia/Shanghai, both included. */
  readonly from?: string;
  readonly to?: string;
}

/** Newest first. */
export async function listCases(
  db: Knex,
  { viewer, filter, page }: { readonly viewer: Viewer; readonly filter: CaseFilter; readonly page: PageRequest },
): Promise<Page<CaseRow>> {
  const query = db('cases as c').select<(CaseRow & { key: string })[]>(db.raw(`${COLUMNS}, c.opened_at::text as key`));
  void query.orderByRaw('c.opened_at desc, c.id desc').limit(page.limit + 1);
  if (!viewer.all) void query.whereRaw('c.parties @> array[?]', [viewer.department]);
  if (filter.status !== undefined) void query.where('c.status', filter.status);
  if (filter.requester !== undefined) void query.where('c.requester_id', filter.requester);
  if (filter.provider !== undefined) void query.where('c.provider_id', filter.provider);
  if (filter.applicant !== undefined) void query.where('c.applicant_id', filter.applicant);
  if (filter.kind !== undefined) void query.where('c.kind', filter.kind);
  if (filter.grant !== undefined) void query.where('c.about_grant_id', filter.grant);
  if (filter.follows !== undefined) void query.where('c.about_case_id', filter.follows);
  const { q } = filter;
  if (q !== undefined) {
    const part = partOf(q);
    void query.whereRaw('(lower(c.title) like lower(?) or lower(c.number) like lower(?))', [part, part]);
  }
  narrowByActs(query, filter);
  narrowByForm(query, filter);
  if (page.after) void query.whereRaw('(c.opened_at, c.id) < (?::timestamptz, ?)', [...page.after]);
  return pageOf(await query, page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: withoutKey,
  });
}

/** By who did what, and when it was filed. */
function narrowByActs(query: Knex.QueryBuilder, filter: CaseFilter): void {
  const { department, decider, decision, person, from, to } = filter;
  if (department !== undefined) void query.whereRaw('c.parties @> array[?]', [department]);
  if (from !== undefined) void query.where('c.opened_at', '>=', startOfDay(from));
  if (to !== undefined) void query.where('c.opened_at', '<=', endOfDay(to));
  if (decider !== undefined || decision !== undefined) {
    void query.whereRaw(
      `exists (select 1 from tasks t where t.case_id = c.id and t.verdict is not null
                 and (?::text is null or t.decided_by = ?) and (?::text is null or t.verdict = ?))`,
      [decider ?? null, decider ?? null, decision ?? null, decision ?? null] as never,
    );
  }
  if (person !== undefined) {
    const people = 'select p.id from people p where p.id = ? or p.name like ?';
    const given = [person, partOf(person)];
    void query.whereRaw(
      `(c.applicant_id in (${people})
        or exists (select 1 from tasks t where t.case_id = c.id and t.decided_by in (${people})))`,
      [...given, ...given],
    );
  }
}

/** By what the form asks for: its own resource, or one of the further ones. */
function narrowByForm(query: Knex.QueryBuilder, { entry, item }: CaseFilter): void {
  if (entry === undefined && item === undefined) return;
  const asked = {
    ...(entry === undefined ? {} : { entryId: entry }),
    ...(item === undefined ? {} : { items: [item] }),
  };
  void query.whereRaw(
    `exists (select 1 from forms f where f.id = c.form_id and f.version = c.form_version
               and (f.body @> ?::jsonb or f.body @> ?::jsonb))`,
    [JSON.stringify(asked), JSON.stringify({ further: [asked] })],
  );
}

/** As a pattern of LIKE. */
function partOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** A case by its id; undefined also where the viewer may not know of it. */
export async function findCase(db: Knex, id: string, viewer: Viewer): Promise<CaseRow | undefined> {
  const query = db('cases as c').first<CaseRow | undefined>(db.raw(COLUMNS)).where('c.id', id);
  return viewer.all ? query : query.whereRaw('c.parties @> array[?]', [viewer.department]);
}

/** Cases by their ids, for tasks that the viewer has been found to see. */
export async function findCasesById(db: Knex, ids: readonly string[]): Promise<ReadonlyMap<string, CaseRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db('cases as c')
    .select<CaseRow[]>(db.raw(COLUMNS))
    .whereIn('c.id', [...new Set(ids)]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The process of a case. Throws if there is no such case. */
export async function processOf(db: Knex, id: string): Promise<string> {
  const row = await db('cases').where({ id }).first<{ kind: string } | undefined>('kind');
  if (!row) throw new Error(`No case ${id}`);
  return row.kind;
}

/** A case as it is recorded by now; undefined before its first event is. */
export async function stateOf(db: Knex, id: string): Promise<CaseState | undefined> {
  const row = await db('cases').where({ id }).first<{ state: CaseState } | undefined>('state');
  return row?.state;
}

/** How far a case is recorded; undefined before its first event is. */
export async function recordedCase(
  db: Knex,
  id: string,
): Promise<{ readonly streamId: string; readonly seq: number; readonly status: string } | undefined> {
  return db('cases')
    .first<{ streamId: string; seq: number; status: string } | undefined>('id as streamId', 'seq', 'status')
    .where({ id });
}

/** The case of a task; undefined also where the viewer may not know of it. */
export async function findCaseOfTask(db: Knex, taskId: string, viewer: Viewer): Promise<CaseRow | undefined> {
  const query = db('tasks as t')
    .join('cases as c', 'c.id', 't.case_id')
    .first<CaseRow | undefined>(db.raw(COLUMNS))
    .where('t.id', taskId);
  return viewer.all ? query : query.whereRaw('c.parties @> array[?]', [viewer.department]);
}
