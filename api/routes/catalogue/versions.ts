import { z } from 'zod';
import { differencesOf } from '../../../domain/catalogue-difference.ts';
import { findEntry } from '../../../store/catalogue.ts';
import { versionsOfEntry } from '../../../store/publication.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { idParams, time } from '../../schema.ts';
import { timeOf } from '../../time.ts';
import type { RouteDeps } from '../deps.ts';

const READ = { object: 'catalogue', action: 'read' } as const;
const tag = 'catalogue';
const version = z.coerce.number().int().min(1).max(1_000_000);

const versionList = z.object({
  items: z.array(
    z
      .object({
        version: z.number().int(),
        name: z.string(),
        code: z.string(),
        shareType: z.string(),
        publishedAt: time,
        kind: z.enum(['publish', 'change']).nullable(),
        caseId: z.string().nullable(),
      })
      .meta({ id: 'EntryVersion' }),
  ),
});

const differenceList = z.object({
  from: z.number().int(),
  to: z.number().int(),
  items: z.array(
    z
      .object({
        pointer: z.string(),
        change: z.enum(['added', 'removed', 'changed']),
        label: z.object({ zh: z.string(), en: z.string() }),
        item: z.string().optional().meta({ description: 'The data item that it is about.' }),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      })
      .meta({ id: 'EntryDifference' }),
  ),
});

/** What was published of an entry over time: requests and grants point to one version of it. */
export function entryVersionEndpoints({ db }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/:id/versions',
      tag,
      summary: 'The published versions of an entry, latest first',
      access: READ,
      params: idParams,
      answers: { 200: versionList },
      async handle({ params }) {
        const rows = await versionsOfEntry(db, params.id);
        if (rows.length === 0) throw new Problem('NotFound');
        const items = rows.map(({ version, entry: { name, code, shareType, publishedAt }, kind, caseId }) => ({
          version,
          name,
          code,
          shareType,
          publishedAt: timeOf(new Date(publishedAt)),
          kind,
          caseId,
        }));
        return { status: 200, body: { items } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/catalogue/:id/differences',
      tag,
      summary: 'What differs between two versions of an entry, items matched by their ids',
      access: READ,
      params: idParams,
      query: z.object({ from: version, to: version }),
      answers: { 200: differenceList },
      async handle({ params, query: { from, to } }) {
        const [before, after] = await Promise.all([findEntry(db, params.id, from), findEntry(db, params.id, to)]);
        if (!before || !after) throw new Problem('NotFound');
        return { status: 200, body: { from, to, items: differencesOf(before, after) } };
      },
    }),
  ];
}
