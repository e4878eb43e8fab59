import type { Knex } from 'knex';
import type { Absent } from '../domain/case.ts';
import type { Actor } from '../domain/language.ts';
import type { Viewer } from './cases.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

export const BOXES = ['mine', 'department', 'done', 'copied'] as const;
/** What I may answer; all that my department has open; what I decided; what was copied to a role of mine. */
export type Box = (typeof BOXES)[number];

export interface TaskRow {
  readonly id: string;
  readonly caseId: string;
  readonly stage: string;
  readonly activation: number;
  readonly department: string;
  readonly role: string;
  readonly seat: number;
  readonly holder: string | null;
  /** Who may not answer it, whatever roles they hold. */
  readonly barred: readonly string[];
  readonly status: string;
  readonly verdict: string | null;
  readonly decidedBy: string | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly dueOn: string | null;
}

const COLUMNS = `t.id, t.case_id as "caseId", t.stage, t.activation, t.department_id as department, t.role,
  t.seat, t.holder_id as holder, t.barred, t.status,
  t.verdict, t.decided_by as "decidedBy", t.opened_at as "openedAt", t.closed_at as "closedAt", t.due_on::text as "dueOn"`;

/** The copies (抄送) of decisions that a case sent to a role, in the shape of tasks with nothing to do. */
const COPIES = `select case_id || '.' || stage || '.copy' as id, case_id, stage, 0 as activation, department_id, role,
  1 as seat, null::text as holder_id, '{}'::text[] as barred,
  'copied' as status, null::text as verdict, null::text as decided_by, told_at as opened_at,
  null::timestamptz as closed_at, null::date as due_on from copies`;

type Bindings = readonly (string | readonly string[])[];

/** Whose inbox it is: a person's, with the tasks of the absent people whom they stand in for. */
export interface Owner {
  readonly actor: Actor;
  readonly standsInFor: readonly Absent[];
}

/**
 * Which open tasks `t` somebody may answer, for themselves or an absent person. Nobody decides on an own request, and nobody
 * signs twice unless the route says so; nor through a stand-in.
 */
export function heldBy({ actor, standsInFor }: Owner): { readonly where: string; readonly bindings: Bindings } {
  const seat = '(t.holder_id is null and t.department_id = ? and t.role = any(?) or t.holder_id = ?)';
  const held = `${seat} and not (? = any(t.barred))`;
  const owners = [actor, ...standsInFor];
  return {
    where: `t.status = 'open' and not (? = any(t.barred)) and (${owners.map(() => held).join(' or ')})`,
    bindings: [actor.person, ...owners.flatMap(({ person, department, roles }) => [department, roles, person, person])],
  };
}

/** Which rows are in a box and by which time they are ordered. */
function boxOf(
  box: Box,
  { actor, standsInFor }: Owner,
): { from: string; where: string; key: string; bindings: Bindings } {
  const seat = 't.department_id = ? and t.role = any(?)';
  const own: Bindings = [actor.department, actor.roles];
  switch (box) {
    case 'mine': {
      const { where, bindings } = heldBy({ actor, standsInFor });
      return { from: 'tasks t', where, key: 't.opened_at', bindings };
    }
    case 'department':
      return {
        from: 'tasks t',
        where: `t.status = 'open' and t.department_id = ?`,
        key: 't.opened_at',
        bindings: [actor.department],
      };
    case 'done':
      return { from: 'tasks t', where: 't.decided_by = ?', key: 't.closed_at', bindings: [actor.person] };
    case 'copied':
      return { from: `(${COPIES}) t`, where: seat, key: 't.opened_at', bindings: own };
  }
}

export const TASK_ORDERS = ['newest', 'due'] as const;
export type TaskOrder = (typeof TASK_ORDERS)[number];

/** What of a box is wanted; all of it where nothing is said. */
export interface TaskFilter {
  /** In the title or the number of the case, whatever the case of letters. */
  readonly q?: string;
  readonly kind?: string;
  /** The stage as its route has it, whichever provider's it is. */
  readonly stage?: string;
  readonly requester?: string;
  /** Due on this date (Asia/Shanghai) or before. */
  readonly dueBy?: string;
}

function fitting({ q, kind, stage, requester, dueBy }: TaskFilter): { where: string; bindings: Bindings } {
  const part = q === undefined ? '' : `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  const ofCase = (condition: string) => `exists (select from cases c where c.id = t.case_id and ${condition})`;
  const wanted: readonly (readonly [string | undefined, string, Bindings])[] = [
    [q, ofCase('(lower(c.title) like lower(?) or lower(c.number) like lower(?))'), [part, part]],
    [kind, ofCase('c.kind = ?'), [kind ?? '']],
    [requester, ofCase('c.requester_id = ?'), [requester ?? '']],
    [stage, `split_part(t.stage, '@', 1) = ?`, [stage ?? '']],
    [dueBy, 't.due_on <= ?::date', [dueBy ?? '']],
  ];
  const given = wanted.filter(([value]) => value !== undefined);
  return {
    where: given.map(([, condition]) => ` and ${condition}`).join(''),
    bindings: given.flatMap(([, , bindings]) => bindings),
  };
}

/** The newest first; or those due first, and last those without a date. */
export async function listTasks(
  db: Knex,
  {
    box,
    owner,
    page,
    order = 'newest',
    filter = {},
  }: {
    readonly box: Box;
    readonly owner: Owner;
    readonly page: PageRequest;
    readonly order?: TaskOrder;
    readonly filter?: TaskFilter;
  },
): Promise<Page<TaskRow>> {
  const { from, where, key: moment, bindings } = boxOf(box, owner);
  const [key, type, than, way] =
    order === 'due'
      ? [`coalesce(t.due_on, 'infinity'::date)`, 'date', '>', 'asc']
      : [moment, 'timestamptz', '<', 'desc'];
  const fits = fitting(filter);
  const after = page.after ? `and (${key}, t.id) ${than} (?::${type}, ?)` : '';
  const { rows } = await db.raw<{ rows: (TaskRow & { key: string })[] }>(
    `select ${COLUMNS}, ${key}::text as key from ${from} where ${where}${fits.where} ${after}
      order by ${key} ${way}, t.id ${way} limit ?`,
    [...bindings, ...fits.bindings, ...(page.after ?? []), page.limit + 1] as never,
  );
  return pageOf(rows, page.limit, { placeOf: (row) => [row.key, row.id], read: withoutKey });
}

export async function countTasks(db: Knex, owner: Owner): Promise<Readonly<Record<Box, number>>> {
  const parts = BOXES.map((box) => ({ box, ...boxOf(box, owner) }));
  const sql = parts.map(({ box, from, where }) => `(select count(*)::int from ${from} where ${where}) as ${box}`);
  const { rows } = await db.raw<{ rows: Readonly<Record<Box, number>>[] }>(
    `select ${sql.join(', ')}`,
    parts.flatMap(({ bindings }) => bindings) as never,
  );
  const [row] = rows;
  if (!row) throw new Error('A count gave no row');
  return row;
}

/** A task by its id; undefined also where the viewer may not know of its case. */
export async function findTask(db: Knex, id: string, viewer: Viewer): Promise<TaskRow | undefined> {
  const query = db('tasks as t')
    .join('cases as c', 'c.id', 't.case_id')
    .first<TaskRow | undefined>(db.raw(COLUMNS))
    .where('t.id', id);
  return viewer.all ? query : query.whereRaw('c.parties @> array[?]', [viewer.department]);
}

/** The id of the absent person through whom the owner has a task in their box; undefined where it is their own. */
export function absentHolder(task: TaskRow, { actor, standsInFor }: Owner): string | undefined {
  if (task.status !== 'open' || task.barred.includes(actor.person)) return undefined;
  const isTheirs = ({ person, department, roles }: Actor): boolean =>
    !task.barred.includes(person) &&
    (task.holder === null
      ? department === task.department && (roles as readonly string[]).includes(task.role)
      : task.holder === person);
  return isTheirs(actor) ? undefined : standsInFor.find(isTheirs)?.person;
}
