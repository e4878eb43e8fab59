import { computed, reactive, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/** Filters that stand in the address, so that they can be gone back to and handed on; `draft` is what is being chosen. */
export function useFilters<N extends string>(names: readonly N[], initial: Partial<Record<N, string>> = {}) {
  const route = useRoute();
  const router = useRouter();
  const filter = computed(() => {
    const given = names.flatMap((name): [N, string][] => {
      const value = route.query[name];
      const text = typeof value === 'string' && value !== '' ? value : initial[name];
      return text === undefined ? [] : [[name, text]];
    });
    return Object.fromEntries(given) as Partial<Record<N, string>>;
  });
  const draft = reactive(Object.fromEntries(names.map((name) => [name, ''])) as Record<N, string>);
  watch(
    filter,
    (now) => {
      for (const name of names) (draft as Record<N, string>)[name] = now[name] ?? '';
    },
    { immediate: true },
  );
  function apply(): void {
    const query = Object.fromEntries(
      Object.entries<string>(draft as Record<N, string>).filter(([, value]) => value.trim() !== ''),
    );
    void router.push({ query });
  }
  function clear(): void {
    void router.push({ query: {} });
  }
  return { filter, draft, apply, clear };
}
