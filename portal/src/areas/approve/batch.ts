import { ref } from 'vue';
import { api, got, newKey } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import type { components } from '../../api/schema.ts';
import { noteOwn } from '../../live.ts';
import { isUnsettled, settled } from '../../lib/act.ts';

export type Batch = components['schemas']['TaskBatch'];
type Done = components['schemas']['TaskBatchDone'];

/** What became of one of many. */
export interface Outcome {
  readonly taskId: string;
  readonly isDone: boolean;
  /** How the case stands after it; absent where it was refused. */
  readonly status?: string;
  /** Why it was refused, in the reader's language. */
  readonly why?: string;
}

/** Decides many tasks in one go. As long as it is not known what became of it, the same goes out under the same key. */
export function useBatch() {
  const isBusy = ref(false);
  let sent: { text: string; key: string } | undefined;

  /** @throws where nothing of it was carried out, or is not known to be */
  async function decide(body: Batch): Promise<readonly Outcome[]> {
    isBusy.value = true;
    const text = JSON.stringify(body);
    if (sent?.text !== text) sent = { text, key: newKey() };
    try {
      const params = { header: { 'Idempotency-Key': sent.key } };
      const done = await got(api.POST('/api/tasks/actions', { params, body }));
      const outcomes = await Promise.all(done.items.map(outcomeOf));
      sent = undefined;
      return outcomes;
    } catch (error) {
      if (!isUnsettled(error)) sent = undefined;
      throw error;
    } finally {
      isBusy.value = false;
    }
  }

  return { decide, isBusy };
}

/** What was kept and not carried out yet is waited for. */
async function outcomeOf({ taskId, status, command, problem, case: about }: Done['items'][number]): Promise<Outcome> {
  if (about) noteOwn(about.id, about.seq);
  if (status === 'done') return { taskId, isDone: true, ...(about ? { status: about.status } : {}) };
  if (status === 'refused') return { taskId, isDone: false, ...(problem ? { why: problem.title } : {}) };
  try {
    await settled(command);
    return { taskId, isDone: true };
  } catch (error) {
    return { taskId, isDone: false, ...(error instanceof ApiProblem ? { why: error.message } : {}) };
  }
}
