import { computed, reactive, type Ref, watch } from 'vue';
import type { CaseDetail } from '../api/types.ts';
import { session } from '../session.ts';
import { dropDraft, keepDraft, readDraft } from './drafts.ts';

/** One item that somebody decides on, by the entry that it is of. */
export interface ItemPlace {
  readonly entryId: string;
  readonly itemId: string;
}

export type RefusedBefore = CaseDetail['refused'][number];

/**
 * The own decision on each item of a request, while it is being made: everything is agreed to until it is refused, and a
 * refusal says why. Which items there are to decide on is the API's to say. It is kept in this browser until it is signed.
 */
export function useItemDecision(detail: Ref<CaseDetail | undefined>, taskId: Ref<string | undefined>) {
  /** The reasons, by item. */
  const reasons = reactive(new Map<string, string>());
  const draftOf = (task: string | undefined): string => `items:${session.me?.person.id}:${task}`;
  watch(
    taskId,
    async (task) => {
      reasons.clear();
      const kept = await readDraft<[string, string][]>(draftOf(task));
      if (task === taskId.value) kept?.forEach(([place, reason]) => reasons.set(place, reason));
    },
    { immediate: true },
  );
  watch(reasons, () => {
    if (taskId.value !== undefined) void keepDraft(draftOf(taskId.value), [...reasons]);
  });

  const isAnswering = computed(() =>
    (detail.value?.actions ?? []).some(({ action, taskId: at }) => action === 'approve' && at === taskId.value),
  );
  const open = computed(() => {
    const stage = detail.value?.stages.find(({ seats }) => seats.some((seat) => seat.taskId === taskId.value));
    return isAnswering.value ? (stage?.items ?? []) : [];
  });
  const places = computed(() =>
    open.value.flatMap(({ entryId, items }) => items.map((itemId) => ({ entryId, itemId }))),
  );
  const refused = computed(() => places.value.filter((place) => reasons.has(keyOf(place))));
  const agreed = computed(() => places.value.length - refused.value.length);
  /** Of some resource nothing is left. */
  const isEmpty = computed(() =>
    open.value.some(
      ({ entryId, items }) => items.length > 0 && items.every((itemId) => reasons.has(keyOf({ entryId, itemId }))),
    ),
  );
  const unexplained = computed(() => refused.value.filter((place) => reasonOf(place).trim() === ''));

  const isOpen = (place: ItemPlace): boolean => places.value.some((one) => keyOf(one) === keyOf(place));
  const isFixed = ({ entryId, itemId }: ItemPlace): boolean =>
    open.value.some((one) => one.entryId === entryId && one.scopedBy.includes(itemId));
  const isRefused = (place: ItemPlace): boolean => reasons.has(keyOf(place));
  const reasonOf = (place: ItemPlace): string => reasons.get(keyOf(place)) ?? '';

  function agree(place: ItemPlace): void {
    reasons.delete(keyOf(place));
  }

  function refuse(place: ItemPlace): void {
    if (isOpen(place) && !isFixed(place) && !isRefused(place)) reasons.set(keyOf(place), '');
  }

  function explain(place: ItemPlace, reason: string): void {
    if (isRefused(place)) reasons.set(keyOf(place), reason);
  }

  /** What an approval names as left out. */
  function body(): { refused?: { itemId: string; subject?: string; reason: string }[] } {
    const isOfSeveral = (detail.value?.application?.further ?? []).length > 0;
    const all = refused.value.map((place) => ({
      itemId: place.itemId,
      reason: reasonOf(place).trim(),
      ...(isOfSeveral ? { subject: place.entryId } : {}),
    }));
    return all.length > 0 ? { refused: all } : {};
  }

  /** Those who refused an item before, each with why. */
  const before = ({ entryId, itemId }: ItemPlace): readonly RefusedBefore[] =>
    (detail.value?.refused ?? []).filter((one) => one.entryId === entryId && one.itemId === itemId);

  return reactive({
    places,
    refused,
    agreed,
    isEmpty,
    unexplained,
    isOpen,
    isFixed,
    isRefused,
    reasonOf,
    agree,
    refuse,
    explain,
    agreeAll: () => reasons.clear(),
    drop: (task: string) => dropDraft(draftOf(task)),
    body,
    before,
  });
}

export type ItemDecision = ReturnType<typeof useItemDecision>;

/** The id of the field in which the reason is written. */
export function reasonFieldOf({ entryId, itemId }: ItemPlace): string {
  return `refused-${entryId}-${itemId}`;
}

function keyOf({ entryId, itemId }: ItemPlace): string {
  return `${entryId}\n${itemId}`;
}
