import type { Knex } from 'knex';
import type { NeedAction, NeedStatus } from '../domain/needs.ts';
import { NEED_STEPS } from '../domain/needs.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

/** What a department says that it lacks. */
export interface NewNeed {
  readonly id: string;
  readonly department: string;
  readonly title: string;
  readonly description: string;
  /** Names of the data items that are wanted. */
  readonly items: readonly string[];
  readonly purpose: string;
  readonly legalBasis: string;
  readonly theme?: string;
  /** The day by which it is wanted, `YYYY-MM-DD`. */
  readonly wantedBy?: string;
  readonly createdBy: string;
  readonly at: string;
}

export interface NeedNote {
  readonly action: NeedAction;
  readonly person: string;
  readonly department: string;
  readonly at: string;
  readonly entryId?: string;
  readonly source?: string;
  readonly reason?: string;
}

export interface Need extends Omit<NewNeed, 'theme' | 'wantedBy' | 'at'> {
  readonly number: string;
  readonly theme: string | null;
  readonly wantedBy: string | null;
  readonly status: NeedStatus;
  readonly entryId: string | null;
  readonly source: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly history: readonly NeedNote[];
  /** How many departments have the same need open, this one among them; 0 where it is not open. */
  readonly lacking: number;
}

/** Titles so alike, or half of the items: the same need in the words of another department. */
const SAME = `n.title % o.title and similarity(n.title, o.title) >= 0.4
  or n.items && o.items
     and 2 * (select count(*) from unnest(n.items) i where i = any(o.items)) >= cardinality(n.items)`;

const LACKING = `case when n.status = 'open' then (
  select count(distinct o.department_id)::integer from needs o
   where o.status = 'open' and (o.department_id = n.department_id or ${SAME})) else 0 end`;

const COLUMNS = `n.id, n.number, n.department_id as department, n.title, n.description, n.items, n.purpose,
  n.legal_basis as "legalBasis", n.theme, n.wanted_by::text as "wantedBy", n.status, n.entry_id as "entryId",
  n.source_id as source, n.created_by as "createdBy", n.created_at as "createdAt", n.updated_at as "updatedAt", n.history`;

/** Text that sorts as the times do. */
const AGE = `to_char(n.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`;

export async function insertNeed(trx: Knex, need: NewNeed): Promise<void> {
  const { id, department, title, description, items, purpose, legalBasis, theme, wantedBy, createdBy, at } = need;
  await trx.raw(
    `insert into needs (id, number, department_id, title, description, items, purpose, legal_basis, theme, wanted_by,
                        created_by, created_at, updated_at)
     values (?, 'XQ-' || left(?, 4) || '-' || lpad(nextval('need_numbers')::text, 6, '0'), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      at,
      department,
      title,
      description,
      [...items],
      purpose,
      legalBasis,
      theme ?? null,
      wantedBy ?? null,
      createdBy,
      at,
      at,
    ],
  );
}

/** `id` must be a UUID. */
export async function findNeed(db: Knex, id: string): Promise<Need | undefined> {
  const { rows } = await db.raw<{ rows: Need[] }>(
    `select ${COLUMNS}, ${LACKING} as lacking from needs n where n.id = ?`,
    [id],
  );
  return rows[0];
}

export const NEED_ORDERS = ['age', 'lacking'] as const;
export type NeedOrder = (typeof NEED_ORDERS)[number];

export interface NeedFilter {
  readonly status?: NeedStatus;
  readonly department?: string;
}

/** The oldest first, or first those that most departments have. */
export async function listNeeds(
  db: Knex,
  { status, department }: NeedFilter,
  { order, page }: { readonly order: NeedOrder; readonly page: PageRequest },
): Promise<Page<Need>> {
  const given = Object.entries({ 'n.status': status, 'n.department_id': department }).filter(([, value]) => value);
  const where = ['true', ...given.map(([column]) => `${column} = ?`)].join(' and ');
  const key = order === 'age' ? AGE : `to_char(99999 - lacking, 'FM00000') || ${AGE}`;
  const after = page.after ? 'where (key, id::text) > (?, ?)' : '';
  const { rows } = await db.raw<{ rows: (Need & { readonly key: string })[] }>(
    `select * from (
       select n.*, ${key.replaceAll('n.created_at', 'n."createdAt"')} as key
         from (select ${COLUMNS}, ${LACKING} as lacking from needs n where ${where}) n) n
      ${after} order by key, id::text limit ?`,
    [...given.map(([, value]) => value), ...(page.after ?? []), page.limit + 1] as never,
  );
  return pageOf(rows, page.limit, {
    placeOf: ({ key: place, id }) => [place, id],
    read: withoutKey as (row: Need & { key: string }) => Need,
  });
}

export interface WaitingNeed extends Pick<Need, 'id' | 'title' | 'department' | 'lacking' | 'source' | 'createdAt'> {
  readonly status: 'open' | 'assigned';
}

/** Demand without supply, the oldest first: of what several departments have in the same words, each stands for itself. */
export async function waitingNeeds(
  db: Knex,
  most: number,
): Promise<{ readonly items: readonly WaitingNeed[]; readonly total: number }> {
  const { rows } = await db.raw<{ rows: (WaitingNeed & { readonly total: number })[] }>(
    `select n.id, n.title, n.department_id as department, n.source_id as source, n.status, n.created_at as "createdAt",
            greatest(1, ${LACKING}) as lacking, count(*) over ()::integer as total
       from needs n where n.status in ('open', 'assigned') order by n.created_at, n.id limit ?`,
    [most],
  );
  return { items: rows.map(({ total: _, ...need }) => need), total: rows[0]?.total ?? 0 };
}

/** Does what the rules allow from the status that the need has now. False: they do not. */
export async function changeNeed(trx: Knex, id: string, note: NeedNote): Promise<boolean> {
  const { from, to } = NEED_STEPS[note.action];
  const changed = await trx('needs')
    .where({ id })
    .whereIn('status', [...from])
    .update({
      status: to,
      updated_at: note.at,
      history: trx.raw('history || ?::jsonb', [JSON.stringify([note])]),
      ...(note.action === 'match' ? { entry_id: note.entryId, source_id: null } : {}),
      ...(note.action === 'assign' ? { entry_id: null, source_id: note.source } : {}),
    });
  return changed > 0;
}
