import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, got } from '../../api/client.ts';
import type { paths } from '../../api/schema.ts';

export type DataMap = paths['/api/data-map']['get']['responses']['200']['content']['application/json'];
export type MapGrants = paths['/api/data-map/grants']['get']['responses']['200']['content']['application/json'];
export type Side = DataMap['by'];

export interface EdgeAsked {
  readonly by: Side;
  readonly from: string;
  readonly to: string;
  readonly theme?: string;
}

export function useDataMap(by: Ref<Side>, theme: Ref<string | undefined>) {
  return useQuery({
    queryKey: ['data-map', by, theme],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const query = { by: by.value, ...(theme.value === undefined ? {} : { theme: theme.value }) };
      return { ...(await got(api.GET('/api/data-map', { params: { query } }))), at: new Date() };
    },
  });
}

export function useWaiting() {
  return useQuery({ queryKey: ['data-map-waiting'], queryFn: () => got(api.GET('/api/data-map/waiting')) });
}

export function useEdgeGrants(edge: Ref<EdgeAsked | undefined>) {
  return useInfiniteQuery({
    queryKey: ['data-map-grants', edge],
    enabled: computed(() => edge.value !== undefined),
    initialPageParam: '',
    getNextPageParam: (last: MapGrants) => last.nextCursor ?? undefined,
    queryFn: ({ pageParam }) => {
      const query = { ...(edge.value as EdgeAsked), limit: 50, ...(pageParam === '' ? {} : { cursor: pageParam }) };
      return got(api.GET('/api/data-map/grants', { params: { query } }));
    },
  });
}

/** The first entries of a department or of a theme, and how many there are. */
export function useEntriesOf(of: Ref<{ provider?: string; classification?: string } | undefined>) {
  return useQuery({
    queryKey: ['data-map-entries', of],
    enabled: computed(() => of.value !== undefined),
    queryFn: () => got(api.GET('/api/catalogue', { params: { query: { ...of.value, limit: 5, facets: 'true' } } })),
  });
}
