import { useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { api, got, newKey } from '../../api/client.ts';

/** The tables, views or files of a source that can be read; nothing where it cannot be reached, which is said elsewhere. */
export function useReadable(sourceId: MaybeRefOrGetter<string | undefined>) {
  const id = computed(() => toValue(sourceId));
  const query = useQuery({
    queryKey: ['provide-readable', id],
    enabled: computed(() => id.value !== undefined),
    staleTime: 60_000,
    queryFn: () => {
      const params = { path: { id: id.value ?? '' }, header: { 'Idempotency-Key': newKey() } };
      return got(api.POST('/api/catalogue/sources/{id}/test', { params }));
    },
  });
  return { names: computed(() => query.data.value?.readable?.names ?? []) };
}
