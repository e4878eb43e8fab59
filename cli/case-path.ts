import type { CaseSummary, ListOf } from './answers.ts';
import type { Client } from './client.ts';
import { part } from './context.ts';

/** As people know a case by: `SQ-2026-000001`. */
const NUMBER = /^[A-Z]{2,}-\d{4}-\d{6,}$/;

/** Where a case is, by its id or by its number. */
export async function casePath(client: Client, given: string): Promise<string> {
  const number = given.toUpperCase();
  if (!NUMBER.test(number)) return `/api/cases/${part(given)}`;
  const { items } = await client.get<ListOf<CaseSummary>>('/api/cases', { q: number });
  const id = items.find((one) => one.number === number)?.id ?? given;
  return `/api/cases/${part(id)}`;
}
