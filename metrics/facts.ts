import type { Knex } from 'knex';
import { FACTS, type FactName, readFacts } from '../store/monitor-facts.ts';
import type { Meter, Sample } from './registry.ts';
import { remembered } from './remembered.ts';

/** For so long several scrapers are given the same facts, in milliseconds. */
const REMEMBERED_MS = 10_000;

/**
 * What the platform's database says, read at a scrape. Every process that has these says the same: take the greatest of
 * them, never their sum.
 */
export function measureFacts(
  meter: Meter,
  { db, rememberedMs = REMEMBERED_MS }: { readonly db: Knex; readonly rememberedMs?: number },
): void {
  const read = remembered(rememberedMs, () => readFacts(db));
  for (const [name, { help, labels }] of Object.entries(FACTS)) {
    meter.gauge({ name, help, labels }, async () => (await read()).get(name as FactName) ?? []);
  }
  meter.gauge(
    { name: 'database_up', help: 'Whether the facts of the database could be read at this scrape: 1 or 0' },
    async (): Promise<readonly Sample[]> => {
      const isUp = await read().then(
        () => true,
        () => false,
      );
      return [{ labels: {}, value: isUp ? 1 : 0 }];
    },
  );
}
