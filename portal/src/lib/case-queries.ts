import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, got } from '../api/client.ts';
import type { CaseDetail, Entry, Grant, Item, RecordedEvent, RowScope } from '../api/types.ts';

/** One resource that a request asks for, with the entry as it was when it was asked. */
export interface Resource {
  readonly entry: Entry;
  readonly items: readonly Item[];
  readonly masks: Readonly<Record<string, string>>;
  readonly rowScope: RowScope | undefined;
  /** Why an item is needed, where its applicant has said. */
  readonly reasons: Readonly<Record<string, string>> | undefined;
  /** The latest right that the same department was given before over the same entry. */
  readonly earlier: Grant | undefined;
  /** All that it was given before over the entry, the latest first. */
  readonly granted: readonly Grant[];
}

const HISTORY = 500;

export function useCase(id: Ref<string>) {
  return useQuery({
    queryKey: ['case', id],
    queryFn: () => got(api.GET('/api/cases/{id}', { params: { path: { id: id.value } } })),
  });
}

/** Everything that happened, the latest first. */
export function useEvents(id: Ref<string>) {
  return useQuery({
    queryKey: ['events', id],
    queryFn: async () => {
      const query = { limit: HISTORY };
      const page = await got(api.GET('/api/cases/{id}/events', { params: { path: { id: id.value }, query } }));
      return page.items.toReversed();
    },
  });
}

/** What happened after an event. */
export async function eventsAfter(id: string, seq: number): Promise<readonly RecordedEvent[]> {
  const params = { path: { id }, query: { limit: HISTORY } };
  const { items } = await got(api.GET('/api/cases/{id}/events', { params }));
  return items.filter((event) => event.seq > seq);
}

export function useDepartments() {
  const query = useQuery({
    queryKey: ['departments'],
    staleTime: Infinity,
    queryFn: () => got(api.GET('/api/departments')),
  });
  return computed(() => new Map(query.data.value?.items.map((one) => [one.id, one])));
}

export function useResources(detail: Ref<CaseDetail | undefined>) {
  const asked = computed(() => {
    const application = detail.value?.application;
    // As it was filed: an application for one resource names no others.
    return application ? [application, ...((application.further as typeof application.further | undefined) ?? [])] : [];
  });
  return useQuery({
    queryKey: ['resources', computed(() => detail.value?.id), computed(() => detail.value?.form.digest)],
    enabled: computed(() => asked.value.length > 0),
    queryFn: () => Promise.all(asked.value.map((one) => resourceOf(one, detail.value))),
  });
}

async function resourceOf(
  one: {
    entryId: string;
    entryVersion?: number;
    items: string[];
    masks: Record<string, string>;
    rowScope?: RowScope;
    reasons?: Record<string, string>;
  },
  detail: CaseDetail | undefined,
): Promise<Resource> {
  const query = one.entryVersion === undefined ? {} : { version: one.entryVersion };
  const entry = await got(api.GET('/api/catalogue/{id}', { params: { path: { id: one.entryId }, query } }));
  const requester = detail?.requester.id ?? '';
  const of = { requester, entry: entry.id, limit: 200 };
  const grants = await got(api.GET('/api/grants', { params: { query: of } }));
  const granted = grants.items
    .filter((grant) => grant.caseId !== detail?.id && grant.createdAt < (detail?.openedAt ?? ''))
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const [earlier] = granted;
  const items = one.items.flatMap((id) => entry.items.find((item) => item.id === id) ?? []);
  return { entry, items, masks: one.masks, rowScope: one.rowScope, reasons: one.reasons, earlier, granted };
}
