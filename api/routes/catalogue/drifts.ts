import { z } from 'zod';
import { DRIFT_CODES } from '../../../domain/drift.ts';
import { type DriftRow, listDrifts } from '../../../store/drifts.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { messageOf } from '../../fault-messages.ts';
import type { Locale } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { departmentRef, id, listOf, paging, time } from '../../schema.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { presentDepartment } from '../departments/present.ts';
import type { RouteDeps } from '../deps.ts';

const query = z.object({
  ...paging,
  status: z.enum(['open', 'settled']).optional(),
  provider: id.optional(),
  entry: id.optional(),
});

/** What an entry has drifted by, as its page shows it. */
export const openDrift = z
  .object({
    item: z.string().nullable().meta({ description: 'The item that it is about; null: the whole.' }),
    code: z.enum(DRIFT_CODES),
    message: z.string(),
    foundAt: time,
  })
  .meta({ id: 'OpenDrift' });

const drift = openDrift
  .extend({
    id: z.string(),
    entry: z.object({ id: z.string(), version: z.number().int(), name: z.string() }),
    provider: departmentRef,
    before: z.string().nullable().meta({ description: 'Of a type or length: what it was.' }),
    after: z.string().nullable().meta({ description: 'What it is now.' }),
    seenAt: time.meta({ description: 'The last look that found it.' }),
    settledAt: time.nullable().meta({ description: 'When it no longer held.' }),
    caseId: z.string().nullable().meta({ description: 'The provider’s task.' }),
    actions: z.array(z.never()),
  })
  .meta({ id: 'Drift' });

export function presentOpenDrift({ item, code, params, foundAt }: DriftRow, locale: Locale) {
  const message = messageOf({ pointer: '', code, params }, locale);
  return { item: item === '' ? null : item, code, message, foundAt: timeOf(foundAt) };
}

function textOf(param: string | number | undefined): string | null {
  return param === undefined ? null : String(param);
}

/** What sources have drifted away from the entries mounted on them: for their providers and the authority. */
export function driftEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/drifts',
      tag: 'catalogue',
      summary: 'Where what entries are mounted on is no longer what they say; the latest found first',
      access: { object: 'drift', action: 'read' },
      query,
      answers: { 200: listOf(drift) },
      async handle({ query: { limit, cursor, ...given }, actor, locale }) {
        const viewer = viewerOf(policies, actor, 'drift');
        const page = pageRequest('drifts', { limit, cursor });
        const [found, known] = await Promise.all([
          listDrifts(db, withoutUndefined(given), { viewer, page }),
          departments(),
        ]);
        const body = presentPage('drifts', found, (row) => ({
          ...presentOpenDrift(row, locale),
          id: row.id,
          entry: { id: row.entryId, version: row.version, name: row.entryName },
          provider: presentDepartment(row.provider, known),
          before: textOf(row.params['before']),
          after: textOf(row.params['after']),
          seenAt: timeOf(row.seenAt),
          settledAt: timeOrNull(row.settledAt),
          caseId: row.caseId,
          actions: [],
        }));
        return { status: 200, body };
      },
    }),
  ];
}
