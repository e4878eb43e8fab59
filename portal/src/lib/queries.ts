import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, ref, toValue } from 'vue';
import { api, got } from '../api/client.ts';
import { changedCases, live } from '../live.ts';
import { session } from '../session.ts';

/** Whether the reader may have a part in cases: who looks after the platform has none. */
export const takesPart = computed(() => session.me?.roles.some((role) => role !== 'administrator') === true);

export type Box = 'mine' | 'department' | 'done' | 'copied';

/** As many as one page of the API holds. */
const PAGE = 200;

/** What of an inbox is wanted, as the API takes it. */
export interface TaskFilter {
  readonly q?: string;
  readonly kind?: string;
  readonly stage?: string;
  readonly requester?: string;
  readonly dueBy?: string;
  readonly cursor?: string;
  readonly limit?: number;
}

/** An inbox, the most urgent first where it is for doing; with how many cases have changed since it was read. */
export function useTasks(box: MaybeRefOrGetter<Box>, filter: MaybeRefOrGetter<TaskFilter> = {}) {
  const seenUpTo = ref(0);
  const query = useQuery({
    queryKey: ['tasks', computed(() => toValue(box)), computed(() => toValue(filter))],
    placeholderData: keepPreviousData,
    enabled: takesPart,
    queryFn: async () => {
      const name = toValue(box);
      const isOpen = name === 'mine' || name === 'department';
      const sort = isOpen ? 'due' : 'newest';
      const arrived = live.arrived;
      const page = await got(
        api.GET('/api/tasks', { params: { query: { box: name, limit: PAGE, sort, ...toValue(filter) } } }),
      );
      seenUpTo.value = arrived;
      return page;
    },
  });
  const shown = computed(() => new Map(query.data.value?.items.map((task) => [task.case.id, task.case.seq])));
  return { query, changed: computed(() => changedCases(seenUpTo.value, shown.value).length) };
}

/** The cases that the caller has filed. */
export function useOwnCases() {
  const seenUpTo = ref(0);
  const query = useQuery({
    queryKey: ['own-cases'],
    enabled: takesPart,
    queryFn: async () => {
      const arrived = live.arrived;
      const applicant = session.me?.person.id ?? '';
      const page = await got(api.GET('/api/cases', { params: { query: { applicant, limit: PAGE } } }));
      seenUpTo.value = arrived;
      return page;
    },
  });
  const shown = computed(() => new Map(query.data.value?.items.map(({ id, seq }) => [id, seq])));
  // Cases that are not the caller's own say nothing about this list.
  const changed = computed(() => changedCases(seenUpTo.value, shown.value).filter((id) => shown.value.has(id)).length);
  return { query, changed };
}

export function useNotices(limit: number) {
  return useQuery({
    queryKey: ['notices', limit],
    queryFn: () => got(api.GET('/api/notices', { params: { query: { limit, unread: 'false' } } })),
  });
}
