import { useInfiniteQuery } from '@tanstack/vue-query';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** A list of the API, page after page as its reader asks for more. */
export function usePaged<T>(
  key: readonly unknown[],
  read: (cursor: { cursor?: string }) => Promise<Page<T>>,
  isAsked: MaybeRefOrGetter<boolean> = true,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    enabled: computed(() => toValue(isAsked)),
    initialPageParam: '',
    queryFn: ({ pageParam }) => read(pageParam === '' ? {} : { cursor: pageParam }),
    getNextPageParam: (page: Page<T>) => page.nextCursor ?? undefined,
  });
  const items = computed(() => query.data.value?.pages.flatMap((page) => page.items) ?? []);
  return { query, items, isThere: computed(() => query.data.value !== undefined) };
}
