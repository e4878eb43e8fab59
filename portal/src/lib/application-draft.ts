import { onBeforeUnmount, reactive, ref, watch } from 'vue';
import { api, got } from '../api/client.ts';
import type { Application, Entry } from '../api/types.ts';
import { session } from '../session.ts';
import { type ApplicationDraft, emptyDraft, emptyResource } from './application.ts';
import { clockOf } from './dates.ts';
import { dropDraft, keepDraft, paused, readDraft } from './drafts.ts';

const PAUSE_MS = 300;

/** An application that is kept in this browser as it is written: for the entries asked for, or going on from a grant. */
export function useApplicationDraft({
  entryIds,
  grantId,
}: {
  entryIds: readonly string[];
  grantId: string | undefined;
}) {
  const of = grantId === undefined ? 'new' : `grant:${grantId}`;
  const key = `apply:${session.me?.person.id}:${of}`;
  const draft = reactive<ApplicationDraft>(emptyDraft(entryIds));
  const entries = reactive(new Map<string, Entry>());
  const savedAt = ref('');
  const error = ref<unknown>();
  const isReady = ref(false);
  let isOver = false;

  async function load(): Promise<void> {
    error.value = undefined;
    try {
      const kept = await readDraft<ApplicationDraft>(key);
      if (kept) Object.assign(draft, kept);
      else if (grantId !== undefined) Object.assign(draft, await renewalOf(grantId));
      if (grantId === undefined) choose(entryIds);
      const ids = draft.resources.map(({ entryId }) => entryId).filter((id) => !entries.has(id));
      const found = await Promise.all(
        ids.map((id) => got(api.GET('/api/catalogue/{id}', { params: { path: { id }, query: {} } }))),
      );
      for (const entry of found) entries.set(entry.id, entry as never);
      isReady.value = true;
    } catch (failure) {
      error.value = failure;
    }
  }

  /** What is in the basket now; what was filled in for what is still there stays. */
  function choose(ids: readonly string[]): void {
    draft.resources = ids.map((id) => draft.resources.find(({ entryId }) => entryId === id) ?? emptyResource(id));
  }

  const keep = paused(PAUSE_MS, () => void save());
  async function save(): Promise<void> {
    if (isOver || !isReady.value) return;
    await keepDraft(key, draft);
    savedAt.value = clockOf(new Date());
  }
  watch(draft, () => isReady.value && keep.again());
  onBeforeUnmount(() => {
    keep.stop();
    void save();
  });

  async function drop(): Promise<void> {
    isOver = true;
    keep.stop();
    await dropDraft(key);
  }

  return { draft, entries, savedAt, isReady, error, load, drop };
}

/** The application of a grant again, as the API makes it ready. */
async function renewalOf(id: string): Promise<Partial<ApplicationDraft>> {
  const query = { as: 'renewal' as const };
  const made: Application = await got(api.GET('/api/grants/{id}/application', { params: { path: { id }, query } }));
  const { legalBasis, scenario, purpose, mode, period, warranties, follows } = made;
  const resources = [made, ...((made.further as typeof made.further | undefined) ?? [])].map(
    ({ entryId, items, masks, rowScope }) => ({
      entryId,
      items,
      masks: masks as Record<string, string>,
      rowScope: rowScope ?? { all: [] },
      isEveryRow: (rowScope?.all.length ?? 0) === 0,
    }),
  );
  return { resources, legalBasis, scenario, purpose, mode, period, warranties, ...(follows ? { follows } : {}) };
}
