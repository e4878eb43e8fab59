import { useInfiniteQuery, useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, got, newKey } from '../../api/client.ts';
import type { paths } from '../../api/schema.ts';

type Query<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } } ? Q : never;

interface Paged<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** A list of the API, page after page. */
function usePages<T>(
  key: readonly unknown[],
  ask: (cursor: { cursor?: string }) => Promise<Paged<T>>,
  enabled?: Ref<boolean>,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: '',
    getNextPageParam: (last: Paged<T>) => last.nextCursor ?? undefined,
    queryFn: ({ pageParam }) => ask(pageParam === '' ? {} : { cursor: pageParam }),
    ...(enabled ? { enabled } : {}),
  });
  return { query, items: computed(() => query.data.value?.pages.flatMap(({ items }) => items) ?? []) };
}

// What stands in an address may be anything: the API checks it.
export function useFoundCases(filter: Ref<object>) {
  return usePages(['audit-cases', filter], (cursor) => {
    const query = { ...filter.value, limit: 50, ...cursor } as Query<'/api/cases'>;
    return got(api.GET('/api/cases', { params: { query } }));
  });
}

export function useLines(filter: Ref<{ on: string; entryId?: string; item?: string }>, enabled: Ref<boolean>) {
  return usePages(
    ['audit-lines', filter],
    (cursor) => got(api.GET('/api/sharing-lines', { params: { query: { ...filter.value, limit: 50, ...cursor } } })),
    enabled,
  );
}

export function useReads(filter: Ref<object>) {
  return usePages(['audit-reads', filter], (cursor) => {
    const query = { ...filter.value, limit: 50, ...cursor } as Query<'/api/reads'>;
    return got(api.GET('/api/reads', { params: { query } }));
  });
}

export function useChains() {
  return usePages(['audit-chains'], (cursor) =>
    got(api.GET('/api/chains', { params: { query: { limit: 20, ...cursor } } })),
  );
}

/** A case as it stood after an event. Looking is on record, so nothing is looked at that nobody asked for. */
export function useState(id: Ref<string>, seq: Ref<number>) {
  return useQuery({
    queryKey: ['audit-state', id, seq],
    enabled: computed(() => seq.value > 0),
    staleTime: Infinity,
    placeholderData: (before) => before,
    queryFn: () => got(api.GET('/api/cases/{id}/states/{seq}', { params: { path: { id: id.value, seq: seq.value } } })),
  });
}

/** Every link of a case held against what it rests on; asked again, all of it is looked into anew. */
export function useVerification(id: Ref<string>) {
  return useQuery({
    queryKey: ['audit-verification', id],
    staleTime: Infinity,
    retry: false,
    queryFn: async () => {
      const began = performance.now();
      const header = { 'Idempotency-Key': newKey() };
      const params = { path: { id: id.value }, header };
      const found = await got(api.POST('/api/cases/{id}/verification', { params, body: {} }));
      return { ...found, seconds: (performance.now() - began) / 1000 };
    },
  });
}

/** Which days are off and which are worked although they are of a weekend, by the newest calendar. */
export function useCalendarDays() {
  return useQuery({
    queryKey: ['calendar-days'],
    staleTime: Infinity,
    queryFn: async () => {
      const { items } = await got(api.GET('/api/calendars', { params: { query: { limit: 1 } } }));
      const version = items[0]?.version;
      if (version === undefined) return [];
      return (await got(api.GET('/api/calendars/{version}', { params: { path: { version } } }))).days;
    },
  });
}
