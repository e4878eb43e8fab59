import type { Knex } from 'knex';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

/** What was done to a person, a department or a setting of the place, and by whom: never changed, never deleted. */
export interface DirectoryChange {
  readonly action: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly at: Date;
}

type ChangedKind = 'person' | 'department' | 'setting';

export interface NewDirectoryChange extends Pick<DirectoryChange, 'action' | 'by'> {
  readonly kind: ChangedKind;
  readonly id: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
}

/** Only what differs is kept of `before` and `after`. */
export async function noteChange(
  trx: Knex.Transaction,
  { kind, id, action, by, before = {}, after = {} }: NewDirectoryChange,
): Promise<void> {
  const same = (name: string): boolean => JSON.stringify(before[name]) === JSON.stringify(after[name]);
  const differing = (fields: Readonly<Record<string, unknown>>): string =>
    JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([name]) => !same(name))));
  await trx('directory_changes').insert({
    kind,
    target_id: id,
    action,
    before: differing(before),
    after: differing(after),
    changed_by: by,
  });
}

const MOST = 100;

/** The latest first. */
export async function changesOf(db: Knex, kind: ChangedKind, id: string): Promise<DirectoryChange[]> {
  return db('directory_changes')
    .select<DirectoryChange[]>('action', 'before', 'after', 'changed_by as by', 'changed_at as at')
    .where({ kind, target_id: id })
    .orderBy('id', 'desc')
    .limit(MOST);
}

/** The last change of each of what is changed. */
export async function lastChanges(
  db: Knex,
  kind: ChangedKind,
): Promise<ReadonlyMap<string, Pick<DirectoryChange, 'by' | 'at'>>> {
  const { rows } = await db.raw<{ rows: { id: string; by: string; at: Date }[] }>(
    `select distinct on (target_id) target_id as id, changed_by as by, changed_at as at
       from directory_changes where kind = ? order by target_id, id desc`,
    [kind],
  );
  return new Map(rows.map(({ id, by, at }) => [id, { by, at }]));
}

export interface ListedChange extends DirectoryChange {
  readonly kind: ChangedKind;
  readonly id: string;
}

/** Every change of anything, the latest first. */
export async function listChanges(db: Knex, page: PageRequest): Promise<Page<ListedChange>> {
  const query = db('directory_changes')
    .select<(ListedChange & { key: string })[]>(
      'kind',
      'target_id as id',
      'action',
      'before',
      'after',
      'changed_by as by',
      'changed_at as at',
      db.raw('id::text as key'),
    )
    .orderBy('directory_changes.id', 'desc')
    .limit(page.limit + 1);
  if (page.after) void query.where('directory_changes.id', '<', Number(page.after[0]));
  return pageOf(await query, page.limit, { placeOf: ({ key, id }) => [key, id], read: withoutKey });
}
