import type { Knex } from 'knex';
import type { CaseState } from '../domain/case.ts';
import type { Accounts } from '../domain/replay.ts';
import { type Task, tasksOf } from '../domain/tasks.ts';
import { stateOf } from './cases.ts';
import { eventsOf } from './record.ts';

interface TaskRow extends Omit<Task, 'openedAt' | 'closedAt'> {
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

/** What the database says of a case: its events with their digests, and its searchable rows. */
export async function accountsOf(knex: Knex, caseId: string): Promise<Pick<Accounts, 'recorded' | 'projection'>> {
  const recorded = (await eventsOf(knex, caseId)) as Accounts['recorded'];
  const state = await stateOf(knex, caseId);
  if (!state) return { recorded, projection: undefined };
  return { recorded, projection: { state, tasks: await latestTasks(knex, state) } };
}

/** The rows of the latest activation of each stage, in the words of the domain. Instants keep the notation of the state. */
async function latestTasks(knex: Knex, state: CaseState): Promise<Task[]> {
  const derived = new Map(tasksOf(state).map((task) => [task.id, task]));
  const rows = await knex('tasks')
    .whereIn('id', [...derived.keys()])
    .select<TaskRow[]>({
      id: 'id',
      stage: 'stage',
      activation: 'activation',
      seat: 'seat',
      holder: 'holder_id',
      barred: 'barred',
      department: 'department_id',
      role: 'role',
      status: 'status',
      openedAt: 'opened_at',
      verdict: 'verdict',
      decidedBy: 'decided_by',
      closedAt: 'closed_at',
      dueOn: 'due_on',
    });
  return rows.map((row) => {
    const known = derived.get(row.id);
    const { openedAt, closedAt, ...rest } = row;
    const isThere = (value: unknown): boolean => value !== null && !(Array.isArray(value) && value.length === 0);
    const present = Object.fromEntries(Object.entries(rest).filter(([, value]) => isThere(value)));
    return {
      ...(present as Omit<Task, 'openedAt' | 'closedAt'>),
      openedAt: sameInstant(openedAt, known?.openedAt),
      ...(closedAt ? { closedAt: sameInstant(closedAt, known?.closedAt) } : {}),
    };
  });
}

/** PostgreSQL keeps the instant, not how it was written. */
function sameInstant(stored: Date, written: string | undefined): string {
  return written !== undefined && stored.getTime() === Date.parse(written) ? written : stored.toISOString();
}
