import { computed, reactive } from 'vue';
import { useRouter } from 'vue-router';
import type { Task } from '../api/types.ts';
import { useKeys } from './keys.ts';
import { useTasks } from './queries.ts';

export interface Neighbours {
  /** From 1; 0: the task is not in the inbox any more. */
  readonly at: number;
  readonly of: number;
  readonly before: Task | undefined;
  readonly after: Task | undefined;
}

/** The tasks before and after one in its reader's inbox, also by the keys `[` and `]`. */
export function useNeighbours(taskId: () => string): Neighbours {
  const router = useRouter();
  const { query } = useTasks('mine');
  const tasks = computed(() => query.data.value?.items ?? []);
  const index = computed(() => tasks.value.findIndex(({ id }) => id === taskId()));
  const before = computed(() => (index.value > 0 ? tasks.value[index.value - 1] : undefined));
  const after = computed(() => (index.value < 0 ? tasks.value[0] : tasks.value[index.value + 1]));

  function go(task: Task | undefined): void {
    if (task) void router.push({ name: 'case', params: { id: task.case.id }, query: { task: task.id } });
  }
  useKeys({ '[': () => go(before.value), ']': () => go(after.value) });
  return reactive({ at: computed(() => index.value + 1), of: computed(() => tasks.value.length), before, after });
}
