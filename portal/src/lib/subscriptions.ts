import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed } from 'vue';
import { api, got } from '../api/client.ts';
import type { paths } from '../api/schema.ts';
import { useOnce } from './once.ts';

type Target = paths['/api/catalogue/subscriptions']['post']['requestBody']['content']['application/json'];
export type Subscription =
  paths['/api/catalogue/subscriptions']['get']['responses']['200']['content']['application/json']['items'][number];

/** Under which all lists of subscriptions are kept. */
export const SUBSCRIPTIONS = 'subscriptions';

/** Begins and ends one's own subscriptions; every list of them follows. */
export function useSubscribing() {
  const { once, isBusy, problem } = useOnce();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: [SUBSCRIPTIONS] });

  async function subscribe(body: Target): Promise<Subscription | undefined> {
    const made = await once(body, (header) =>
      got(api.POST('/api/catalogue/subscriptions', { params: { header }, body })),
    );
    if (made) await refresh();
    return made;
  }

  async function end(id: string): Promise<boolean> {
    const params = { path: { id } };
    const done = await once({ end: id }, async () => {
      await got(api.DELETE('/api/catalogue/subscriptions/{id}', { params }));
      return true;
    });
    if (done) await refresh();
    return done === true;
  }

  return { subscribe, end, isBusy, problem };
}

/** Whether one is told of changes to an entry. */
export function useEntrySubscription(entryId: () => string) {
  const query = useQuery({
    queryKey: [SUBSCRIPTIONS, computed(entryId)],
    queryFn: () => got(api.GET('/api/catalogue/subscriptions', { params: { query: { entryId: entryId() } } })),
  });
  return { query, current: computed(() => query.data.value?.items[0]) };
}
