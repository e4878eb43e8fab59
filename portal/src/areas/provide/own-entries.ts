import { useQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { api, got } from '../../api/client.ts';
import type { EntrySummary } from '../../api/types.ts';
import { named } from '../../lib/names.ts';
import { ownProvider } from './roles.ts';

/** As many pages as are read to know entries by their names. */
const MOST_PAGES = 10;

/** The published entries of the own department, for choosing one and for names where the API gives ids. */
export function useOwnEntries() {
  const query = useQuery({
    queryKey: ['provide-own-entries'],
    queryFn: async () => {
      const found: EntrySummary[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const asked = {
          limit: 200,
          sort: 'code' as const,
          ...ownProvider(),
          ...(cursor === undefined ? {} : { cursor }),
        };
        const { items, nextCursor } = await got(api.GET('/api/catalogue', { params: { query: asked } }));
        found.push(...items);
        if (nextCursor === null) break;
        cursor = nextCursor;
      }
      return found;
    },
  });
  const nameOf = (id: string): string => {
    const found = query.data.value?.find((entry) => entry.id === id);
    return found ? named(found) : id;
  };
  return { query, nameOf };
}

/** One entry, for the names of its items. */
export function useEntry(entryId: MaybeRefOrGetter<string>) {
  const id = computed(() => toValue(entryId));
  return useQuery({
    queryKey: ['entry', id, undefined],
    enabled: computed(() => id.value !== ''),
    queryFn: () => got(api.GET('/api/catalogue/{id}', { params: { path: { id: id.value }, query: {} } })),
  });
}
