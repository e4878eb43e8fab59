import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { today } from '../../lib/dates.ts';
import type { Box, TaskFilter } from '../../lib/queries.ts';

/** What narrows the inbox, as it stands in the address: it can be gone back to, handed on, and kept as a view. */
export const NARROWING = ['q', 'kind', 'stage', 'requester', 'due'] as const;
export type Narrowing = (typeof NARROWING)[number];

const BOXES: readonly string[] = ['mine', 'department', 'done', 'copied'];
/** As many as are decided together at most. */
const PAGE = 50;

export function useInbox() {
  const route = useRoute();
  const router = useRouter();
  const text = (name: string): string => {
    const value = route.query[name];
    return typeof value === 'string' ? value : '';
  };
  const box = computed<Box>({
    get: () => (BOXES.includes(text('box')) ? (text('box') as Box) : 'mine'),
    set: (next) => void router.push({ query: { ...route.query, box: next, after: undefined } }),
  });
  const filter = computed<TaskFilter>(() => {
    const [q, kind, stage, requester, cursor] = ['q', 'kind', 'stage', 'requester', 'after'].map(text);
    const dueBy = dateOf(text('due'));
    return {
      limit: PAGE,
      ...(q ? { q } : {}),
      ...(kind ? { kind } : {}),
      ...(stage ? { stage } : {}),
      ...(requester ? { requester } : {}),
      ...(dueBy ? { dueBy } : {}),
      ...(cursor ? { cursor } : {}),
    };
  });
  const isNarrowed = computed(() => NARROWING.some((name) => text(name) !== ''));

  /** Another filter begins at the first page again. */
  function narrow(name: Narrowing, value: string): void {
    void router.replace({ query: { ...route.query, [name]: value === '' ? undefined : value, after: undefined } });
  }

  function turn(cursor: string | undefined): void {
    void router.push({ query: { ...route.query, after: cursor } });
  }

  return { box, filter, isNarrowed, text, narrow, turn };
}

/** `over`: due before today by law; `today`: due today or before; else a date. */
function dateOf(due: string): string {
  if (due === 'today') return today();
  if (due !== 'over') return /^\d{4}-\d\d-\d\d$/.test(due) ? due : '';
  const day = new Date(`${today()}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}
