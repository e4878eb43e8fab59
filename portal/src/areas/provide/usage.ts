import { useQueries } from '@tanstack/vue-query';
import { computed, type ComputedRef } from 'vue';
import { api, got } from '../../api/client.ts';
import type { Grant } from '../../api/types.ts';

const DAY_MS = 86_400_000;

/** A day so many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Every day from one to another, both included. */
export function daysBetween(from: string, to: string): string[] {
  const count = Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, n) => addDays(from, n));
}

/** The grants behind some ids, each asked for once. */
export function useGrantsOf(ids: ComputedRef<readonly string[]>) {
  const queries = useQueries({
    queries: computed(() =>
      ids.value.map((id) => ({
        queryKey: ['grant', id],
        staleTime: 60_000,
        queryFn: () => got(api.GET('/api/grants/{id}', { params: { path: { id } } })),
      })),
    ),
  });
  return {
    grantOf: (id: string): Grant | undefined =>
      queries.value.map(({ data }) => data as Grant | undefined).find((grant) => grant?.id === id),
  };
}

const GOOD: readonly string[] = ['answered', 'unchanged', 'permitted'];

/** Whether the caller got what was asked for. */
export function isAnswered(outcome: string): boolean {
  return GOOD.includes(outcome);
}
