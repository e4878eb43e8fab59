import { useInfiniteQuery } from '@tanstack/vue-query';
import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { api, got } from '../api/client.ts';
import type { paths } from '../api/schema.ts';
import { departmentName, word } from './names.ts';

type Found = paths['/api/catalogue']['get']['responses']['200']['content']['application/json'];

export interface Facet {
  readonly value: string;
  readonly words: string;
  readonly count: number;
}

/** What narrows a search, one value each; it stands in the address, so that it can be gone back to and handed on. */
export const NARROWING = ['shareType', 'provider', 'theme', 'base', 'format'] as const;
export type Narrowing = (typeof NARROWING)[number];

const PAGE = 20;

export function useSearch() {
  const route = useRoute();
  const router = useRouter();
  const text = (name: string): string | undefined => {
    const value = route.query[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const filter = computed(() => ({
    q: text('q'),
    shareType: text('shareType'),
    provider: text('provider'),
    theme: text('theme'),
    base: text('base'),
    format: text('format'),
    sort: text('sort'),
  }));

  /** What is searched for, as the API has it: it checks it, as what stands in an address may be anything. */
  const searched = computed(() => {
    const { theme, base, sort: _order, ...rest } = filter.value;
    const given = Object.entries({ ...rest, classification: theme ?? base }).filter(([, value]) => value);
    return Object.fromEntries(given) as { q?: string };
  });

  const query = useInfiniteQuery({
    queryKey: ['catalogue', filter],
    initialPageParam: '',
    getNextPageParam: (last: Found) => last.nextCursor ?? undefined,
    queryFn: ({ pageParam }): Promise<Found> => {
      const { sort } = filter.value;
      const paged = Object.fromEntries(Object.entries({ sort, cursor: pageParam }).filter(([, value]) => value));
      const asked = { limit: PAGE, facets: 'true' as const, ...paged, ...searched.value };
      return got(api.GET('/api/catalogue', { params: { query: asked } }));
    },
  });
  const first = computed(() => query.data.value?.pages[0]);
  const entries = computed(() => query.data.value?.pages.flatMap(({ items }) => items) ?? []);
  const facets = computed<Readonly<Record<Narrowing, Facet[]>>>(() => {
    const found = first.value?.facets;
    const plain = (list: readonly { value: string; count: number }[] | undefined, group: string): Facet[] =>
      (list ?? []).map(({ value, count }) => ({ value, count, words: word(group, value) }));
    return {
      shareType: plain(found?.shareType, 'shareType'),
      provider: (found?.provider ?? []).map(({ value, count, department }) => ({
        value,
        count,
        words: departmentName(department),
      })),
      theme: plain(found?.theme, 'theme'),
      base: plain(found?.base, 'base'),
      format: plain(found?.format, 'format'),
    };
  });

  function narrow(changes: Readonly<Record<string, string | undefined>>): void {
    const next = { ...filter.value, ...changes };
    const query = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''));
    void router.push({ name: 'catalogue', query: query as Record<string, string> });
  }

  return { filter, searched, query, first, entries, facets, narrow };
}
