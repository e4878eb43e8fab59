import { computed, reactive, ref } from 'vue';
import { api, got, newKey } from '../../api/client.ts';
import type { Compilation } from './types.ts';

export type Made = Compilation['made'][number];
export type Skipped = Compilation['skipped'][number];

/** What is asked for at once: a table, or everything else of the source. */
interface Step {
  readonly schema?: string;
  readonly tables?: string[];
}

/**
 * Compiles a source table by table, so that its reader sees how far it is and can stop. What was done stays done; a table
 * that failed for the connection's sake is tried again with the rest.
 */
export function useCompiling() {
  const made = ref<Made[]>([]);
  const skipped = ref<Skipped[]>([]);
  const steps = ref<readonly Step[]>([]);
  const done = ref(0);
  const problem = ref<unknown>();
  const state = reactive({ isRunning: false, isStopped: false });

  async function run(sourceId: string, tables: readonly string[], isRest: boolean): Promise<void> {
    made.value = [];
    skipped.value = [];
    done.value = 0;
    steps.value = [...tables.map(stepOf), ...(isRest ? [{}] : [])];
    await goOn(sourceId);
  }

  async function goOn(sourceId: string): Promise<void> {
    Object.assign(state, { isRunning: true, isStopped: false });
    problem.value = undefined;
    try {
      while (done.value < steps.value.length && !state.isStopped) {
        const header = { 'Idempotency-Key': newKey() };
        const body = { sourceId, ...steps.value[done.value] };
        const found = await got(api.POST('/api/catalogue/compilations', { params: { header }, body }));
        made.value = [...made.value, ...found.made];
        // What the steps before have made is mounted by now.
        const own = new Set(made.value.map(({ entryId }) => entryId));
        skipped.value = [
          ...skipped.value,
          ...found.skipped.filter(({ message }) => ![...own].some((id) => message.includes(id))),
        ];
        done.value += 1;
      }
    } catch (error) {
      problem.value = error;
    } finally {
      state.isRunning = false;
    }
  }

  const now = computed(() => steps.value[done.value]?.tables?.[0] ?? '');
  return { made, skipped, steps, done, problem, state, now, run, goOn, stop: () => (state.isStopped = true) };
}

function stepOf(name: string): Step {
  const dot = name.indexOf('.');
  return dot < 0 ? { tables: [name] } : { schema: name.slice(0, dot), tables: [name.slice(dot + 1)] };
}
