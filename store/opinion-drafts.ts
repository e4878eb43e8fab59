import type { Knex } from 'knex';

/** An opinion that its author is still writing. Nobody else sees it, and no history knows it. */
export interface OpinionDraft {
  readonly opinion: string;
  readonly updatedAt: Date;
}

/** The author's drafts at some tasks, by task. */
export async function draftsOf(
  db: Knex,
  person: string,
  tasks: readonly string[],
): Promise<ReadonlyMap<string, OpinionDraft>> {
  if (tasks.length === 0) return new Map();
  const rows = await db('opinion_drafts')
    .where({ person_id: person })
    .whereIn('task_id', [...tasks])
    .select<(OpinionDraft & { task: string })[]>('task_id as task', 'opinion', 'updated_at as updatedAt');
  return new Map(rows.map(({ task, ...draft }) => [task, draft]));
}

interface Place {
  readonly task: string;
  readonly person: string;
}

export async function putDraft(db: Knex, { task, person }: Place, opinion: string): Promise<OpinionDraft> {
  const [row] = await db('opinion_drafts')
    .insert({ task_id: task, person_id: person, opinion })
    .onConflict(['task_id', 'person_id'])
    .merge({ opinion, updated_at: db.fn.now() })
    .returning<OpinionDraft[]>(['opinion', 'updated_at as updatedAt']);
  if (!row) throw new Error('A draft just stored is not there');
  return row;
}

/** False where there was none. */
export async function dropDraft(db: Knex, { task, person }: Place): Promise<boolean> {
  return (await db('opinion_drafts').where({ task_id: task, person_id: person }).delete()) > 0;
}
