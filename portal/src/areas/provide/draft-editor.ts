import { computed, onBeforeUnmount, ref, watch } from 'vue';
import { answered, api, got } from '../../api/client.ts';
import { ApiProblem, Unreachable } from '../../api/problem.ts';
import { localeNow } from '../../i18n.ts';
import { clockOf } from '../../lib/dates.ts';
import { dropDraft, keepDraft, paused, readDraft } from '../../lib/drafts.ts';
import { session } from '../../session.ts';
import { patched, patchOf, plain } from './merge.ts';
import { useOnce } from '../../lib/once.ts';
import type { Draft, DraftBody } from './types.ts';

const PAUSE_MS = 800;
const AGAIN_MS = 4_000;

/** What was typed and has not reached the server: kept in this browser with what it was typed over. */
interface Kept {
  readonly base: DraftBody;
  readonly body: DraftBody;
}

/**
 * A draft that is saved as it is typed, under the revision that was seen. Where somebody else has changed it meanwhile,
 * both changes are brought together and their fields are named; of a field that both changed, what is typed here stays.
 */
export function useDraftEditor(id: string) {
  const draft = ref<Draft>();
  const body = ref<DraftBody>({});
  const error = ref<unknown>();
  const problem = ref<unknown>();
  const savedAt = ref('');
  const isSaving = ref(false);
  const others = ref<readonly string[]>([]);
  const key = `provide-draft:${session.me?.person.id}:${id}`;
  let saved: DraftBody = {};
  let running: Promise<boolean> | undefined;
  const { once, isBusy: isAnswering, problem: answerProblem } = useOnce();

  const mayEdit = computed(() => draft.value?.actions.some(({ action }) => action === 'edit') === true);
  const unsaved = computed(() => patchOf(saved, plain(body.value)) !== undefined);

  function take(found: Draft): void {
    draft.value = found;
    saved = plain(found.body);
  }

  async function load(): Promise<void> {
    error.value = undefined;
    try {
      const found = await got(api.GET('/api/catalogue/drafts/{id}', { params: { path: { id } } }));
      take(found);
      const kept = mayEdit.value ? await readDraft<Kept>(key) : undefined;
      const patch = kept && patchOf(kept.base, kept.body);
      body.value = (patch ? patched(plain(found.body), patch) : plain(found.body)) as DraftBody;
    } catch (failure) {
      error.value = failure;
    }
  }

  async function send(): Promise<boolean> {
    const sent = plain(body.value);
    const patch = patchOf(saved, sent);
    if (!draft.value || !patch) return true;
    isSaving.value = true;
    try {
      const params = { path: { id }, header: { 'If-Match': `"${draft.value.revision}"` } };
      const { data } = await answered(api.PATCH('/api/catalogue/drafts/{id}', { params, body: patch as never }));
      // What was typed since goes on from what the server has made of it.
      const since = patchOf(sent, plain(body.value));
      take(data);
      if (since === undefined) await dropDraft(key);
      savedAt.value = clockOf(new Date());
      problem.value = undefined;
      return true;
    } catch (failure) {
      if (failure instanceof ApiProblem && failure.status === 412 && (await bringTogether(patch))) return send();
      problem.value = failure;
      if (failure instanceof Unreachable) later.again();
      return false;
    } finally {
      isSaving.value = false;
    }
  }

  /** Their change and mine. */
  async function bringTogether(mine: Record<string, unknown>): Promise<boolean> {
    try {
      const before = saved;
      const theirs = await got(api.GET('/api/catalogue/drafts/{id}', { params: { path: { id } } }));
      others.value = Object.keys(patchOf(before, plain(theirs.body)) ?? {});
      take(theirs);
      body.value = patched(plain(theirs.body), mine) as DraftBody;
      return true;
    } catch {
      return false;
    }
  }

  /** Sends what is typed, one after the other. False where it did not get through. */
  async function flush(): Promise<boolean> {
    pause.stop();
    await running;
    running = send();
    return running;
  }

  const pause = paused(PAUSE_MS, () => void flush());
  const later = paused(AGAIN_MS, () => void flush());
  watch(
    body,
    () => {
      if (!mayEdit.value || !unsaved.value) return;
      void keepDraft(key, { base: saved, body: plain(body.value) } satisfies Kept);
      pause.again();
    },
    { deep: true },
  );
  onBeforeUnmount(() => {
    later.stop();
    if (mayEdit.value && unsaved.value) void flush();
  });

  // What it lacks is told in the reader's language.
  watch(localeNow, async () => {
    if (!draft.value || !(await flush())) return;
    const found = await got(api.GET('/api/catalogue/drafts/{id}', { params: { path: { id } } })).catch(() => undefined);
    if (found?.revision === draft.value.revision) draft.value = found;
  });

  /** Accepts or refuses suggestions by their places in the list. */
  async function answer(given: { accept?: number[]; refuse?: number[] }): Promise<void> {
    if (!(await flush()) || !draft.value) return;
    const { revision } = draft.value;
    const asked = { accept: given.accept ?? [], refuse: given.refuse ?? [] };
    const done = await once({ revision, asked }, (header) => {
      const params = { path: { id }, header: { ...header, 'If-Match': `"${revision}"` } };
      return got(api.POST('/api/catalogue/drafts/{id}/suggestions', { params, body: asked }));
    });
    if (!done) return;
    take(done);
    body.value = plain(done.body);
    savedAt.value = clockOf(new Date());
  }

  async function drop(): Promise<boolean> {
    if (!(await flush()) || !draft.value) return false;
    const params = { path: { id }, header: { 'If-Match': `"${draft.value.revision}"` } };
    try {
      await got(api.DELETE('/api/catalogue/drafts/{id}', { params }));
      await dropDraft(key);
      return true;
    } catch (failure) {
      problem.value = failure;
      return false;
    }
  }

  return {
    draft,
    body,
    error,
    problem,
    answerProblem,
    savedAt,
    isSaving,
    isAnswering,
    others,
    mayEdit,
    load,
    flush,
    answer,
    drop,
  };
}
