import { onBeforeUnmount, ref, watch } from 'vue';
import { api, got } from '../api/client.ts';
import { session } from '../session.ts';
import { clockOf } from './dates.ts';
import { dropDraft, keepDraft, paused, readDraft } from './drafts.ts';

interface Kept {
  readonly opinion: string;
  readonly at: string;
}

const PAUSE_MS = 1_000;

/** An opinion that is kept while it is written: at once in this browser, and after a pause on the server. */
export function useOpinionDraft(taskId: string) {
  const opinion = ref('');
  const savedAt = ref('');
  const key = `opinion:${session.me?.person.id}:${taskId}`;
  let isOver = false;
  let onServer = '';

  async function load(): Promise<void> {
    const [here, task] = await Promise.all([
      readDraft<Kept>(key),
      got(api.GET('/api/tasks/{id}', { params: { path: { id: taskId } } })).catch(() => undefined),
    ]);
    const there = task?.draft;
    onServer = there?.opinion ?? '';
    if (opinion.value !== '') return;
    const isHereNewer = here && (!there || Date.parse(here.at) > Date.parse(there.updatedAt));
    opinion.value = (isHereNewer ? here.opinion : there?.opinion) ?? '';
  }

  const upload = paused(PAUSE_MS, () => void save());

  async function save(): Promise<void> {
    const text = opinion.value.trim();
    if (isOver || text === onServer) return;
    const path = { id: taskId };
    try {
      if (text === '') await got(api.DELETE('/api/tasks/{id}/draft', { params: { path } }));
      else await got(api.PUT('/api/tasks/{id}/draft', { params: { path }, body: { opinion: text } }));
      onServer = text;
      savedAt.value = clockOf(new Date());
    } catch {
      // It is kept here, and goes out with the next word.
    }
  }

  watch(opinion, (text) => {
    if (isOver) return;
    void keepDraft(key, { opinion: text, at: new Date().toISOString() });
    upload.again();
  });
  onBeforeUnmount(() => {
    upload.stop();
    void save();
  });

  /** While it is being given nothing is sent to be kept: the task may be over before the answer comes. */
  function hold(isHeld: boolean): void {
    isOver = isHeld;
    if (!isHeld) upload.again();
  }

  /** It has been given: the server has let go of its copy as well. */
  async function drop(): Promise<void> {
    isOver = true;
    upload.stop();
    await dropDraft(key);
  }

  return { opinion, savedAt, load, hold, drop };
}
