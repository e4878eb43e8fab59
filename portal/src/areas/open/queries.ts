import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, got } from '../../api/client.ts';
import type { components, paths } from '../../api/schema.ts';

type FoundEntries = paths['/api/open/entries']['get']['responses']['200']['content']['application/json'];
type FoundArticles = paths['/api/open/articles']['get']['responses']['200']['content']['application/json'];
type Schemas = components['schemas'];
export type OpenEntry = Schemas['OpenEntry'];
export type OpenArticleSummary = Schemas['OpenArticleSummary'];
export type ArticleKind = OpenArticleSummary['kind'];
export type Article = Schemas['Article'];
export type ArticleContent = Schemas['ArticleContent'];

const PAGE = 20;

/** What stands in an address may be anything: the API checks it. */
export type Filter = Readonly<Record<string, string | undefined>>;

function given(filter: Filter, cursor: string): object {
  return Object.fromEntries(Object.entries({ ...filter, cursor }).filter(([, value]) => value));
}

export function useOpenEntries(filter: Ref<Filter>, limit = PAGE) {
  const query = useInfiniteQuery({
    queryKey: ['open-entries', filter, limit],
    placeholderData: keepPreviousData,
    initialPageParam: '',
    getNextPageParam: (last: FoundEntries) => last.nextCursor ?? undefined,
    queryFn: ({ pageParam }) =>
      got(api.GET('/api/open/entries', { params: { query: { limit, ...given(filter.value, pageParam) } } })),
  });
  return {
    query,
    first: computed(() => query.data.value?.pages[0]),
    items: computed(() => query.data.value?.pages.flatMap(({ items }) => items) ?? []),
  };
}

export function useOpenArticles(filter: Ref<Filter>, limit = PAGE) {
  const query = useInfiniteQuery({
    queryKey: ['open-articles', filter, limit],
    placeholderData: keepPreviousData,
    initialPageParam: '',
    getNextPageParam: (last: FoundArticles) => last.nextCursor ?? undefined,
    queryFn: ({ pageParam }) =>
      got(api.GET('/api/open/articles', { params: { query: { limit, ...given(filter.value, pageParam) } } })),
  });
  return {
    query,
    first: computed(() => query.data.value?.pages[0]),
    items: computed(() => query.data.value?.pages.flatMap(({ items }) => items) ?? []),
  };
}

export function useOpenStatistics() {
  return useQuery({ queryKey: ['open-statistics'], queryFn: () => got(api.GET('/api/open/statistics')) });
}
