import { reactive, ref } from 'vue';
import { api, got } from '../api/client.ts';
import type { Entry } from '../api/types.ts';
import { type ApplicationDraft, emptyDraft, emptyResource } from './application.ts';
import type { Merged } from './draft-merge.ts';
import { useDraftKeeping } from './draft-keeping.ts';
import { session } from '../session.ts';
import { copyOf, type Made, renewalOf } from './earlier-application.ts';

/** What an application is begun from: entries, a grant that is to go on, an earlier request; or a draft to be gone on with. */
export interface BegunFrom {
  readonly entryIds: readonly string[];
  readonly draftId?: string;
  readonly grantId?: string;
  readonly copyId?: string;
  /** For one entry alone, whatever is in the basket. */
  readonly isSingle: boolean;
}

/** An application that is kept as it is written, in this browser and on the server. */
export function useApplicationDraft(from: BegunFrom) {
  const { entryIds, draftId, grantId, copyId } = from;
  const draft = reactive<ApplicationDraft>(emptyDraft(entryIds));
  const entries = reactive(new Map<string, Entry>());
  const given = reactive(new Map<string, readonly string[]>());
  const error = ref<unknown>();
  const isReady = ref(false);
  /** What could not be copied. */
  const lost = ref<Made['lost']>([]);
  const merged = ref<Merged>();
  const keeping = useDraftKeeping({
    draft,
    titleOf: () => draft.resources.map(({ entryId }) => entries.get(entryId)?.name ?? entryId).join('、'),
    onMerged: (one) => {
      if (one.taken.length + one.conflicts.length > 0) merged.value = one;
      void bringEntries().catch(() => undefined);
    },
  });

  async function load(): Promise<void> {
    error.value = undefined;
    try {
      const isKept = await keeping.find(draftId, sourceOf(from));
      const isFitting = isKept && (draftId !== undefined || fits(draft, from));
      if (!isFitting) Object.assign(draft, await made());
      else if (isOpen(from) && entryIds.length > 0) choose(entryIds);
      await bringEntries();
      isReady.value = true;
      keeping.begin(!isFitting);
    } catch (failure) {
      error.value = failure;
    }
  }

  async function made(): Promise<ApplicationDraft> {
    if (grantId === undefined && copyId === undefined) return emptyDraft(entryIds);
    const { draft: begun, lost: left } = grantId === undefined ? await copyOf(copyId ?? '') : await renewalOf(grantId);
    lost.value = left;
    return begun;
  }

  async function bringEntries(): Promise<void> {
    const ids = draft.resources.map(({ entryId }) => entryId).filter((id) => !entries.has(id));
    const found = await Promise.all(
      ids.map((id) => got(api.GET('/api/catalogue/{id}', { params: { path: { id }, query: {} } }))),
    );
    const last = await Promise.all(ids.map(lastGiven));
    last.forEach((items, at) => items && given.set(ids[at] ?? '', items));
    for (const entry of found) entries.set(entry.id, entry as never);
  }

  /** What is in the basket now; what was filled in for what is still there stays. */
  function choose(ids: readonly string[]): void {
    draft.resources = ids.map((id) => draft.resources.find(({ entryId }) => entryId === id) ?? emptyResource(id));
  }

  return { draft, entries, given, isReady, error, load, lost, merged, keeping };
}

/** The items of the last grant of an entry to one's department, if there was one. */
async function lastGiven(entry: string): Promise<readonly string[] | undefined> {
  const query = { requester: session.me?.department.id ?? '', entry, limit: 1 };
  return (await got(api.GET('/api/grants', { params: { query } }))).items[0]?.items;
}

function sourceOf({ grantId, copyId, entryIds, isSingle }: BegunFrom): string {
  if (grantId !== undefined) return `grant:${grantId}`;
  if (copyId !== undefined) return `copy:${copyId}`;
  return isSingle ? `entry:${entryIds[0]}` : 'new';
}

/** Begun from what is in the basket, or from one entry. */
function isOpen({ draftId, grantId, copyId }: BegunFrom): boolean {
  return draftId === undefined && grantId === undefined && copyId === undefined;
}

/** A draft about other entries than those in the basket is left as it is, to be gone on with from the list. */
function fits({ resources }: ApplicationDraft, from: BegunFrom): boolean {
  if (!isOpen(from) || from.entryIds.length === 0) return true;
  return resources.length === 0 || resources.some(({ entryId }) => from.entryIds.includes(entryId));
}
