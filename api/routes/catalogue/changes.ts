import { z } from 'zod';
import { changesAfter } from '../../../store/catalogue-changes.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { paging, time } from '../../schema.ts';
import { timeOf } from '../../time.ts';
import type { RouteDeps } from '../deps.ts';

const changesQuery = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .meta({ description: 'The position that has been read already; 0: from the beginning.' }),
  limit: paging.limit,
});

const changeList = z.object({
  items: z.array(
    z
      .object({
        position: z.number().int().meta({ description: 'From 1, without gaps, never given again.' }),
        entryId: z.string(),
        version: z.number().int().meta({ description: 'The version that it made, or that it is about.' }),
        kind: z.enum(['published', 'changed', 'suspended', 'resumed', 'withdrawn']),
        status: z.enum(['published', 'suspended', 'withdrawn']).meta({ description: 'What the entry is after it.' }),
        digest: z
          .string()
          .meta({ description: 'SHA-256 of the version, as hex: the same as long as it says the same.' }),
        reason: z.string().nullable(),
        at: time,
      })
      .meta({ id: 'CatalogueChange' }),
  ),
  next: z.number().int().meta({ description: '`after` of the next question, now or whenever there is more.' }),
});

const KINDS = {
  publish: 'published',
  change: 'changed',
  suspend: 'suspended',
  resume: 'resumed',
  withdraw: 'withdrawn',
} as const;

/** Everything that became of the catalogue, in order: for systems that keep a copy of it, and for the cascade. */
export function catalogueChangeEndpoints({ db }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/changes',
      tag: 'catalogue',
      summary: 'The changes of the catalogue after a position, in the order in which they came about',
      access: { object: 'catalogue-change', action: 'read' },
      query: changesQuery,
      answers: { 200: changeList },
      async handle({ query: { after, limit } }) {
        const changes = await changesAfter(db, after, limit);
        const items = changes.map(({ kind, at, ...rest }) => ({ ...rest, kind: KINDS[kind], at: timeOf(at) }));
        return { status: 200, body: { items, next: items.at(-1)?.position ?? after } };
      },
    }),
  ];
}
