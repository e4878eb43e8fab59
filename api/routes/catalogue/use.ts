import { z } from 'zod';
import { findEntry } from '../../../store/catalogue.ts';
import { answersOfEntry, healthOfEntry, usersOfEntry } from '../../../store/entry-use.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { departmentRef, idParams, time } from '../../schema.ts';
import { timeOrNull } from '../../time.ts';
import { presentDepartment } from '../departments/present.ts';
import type { RouteDeps } from '../deps.ts';

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365;
const QUARTER_DAYS = 90;

const count = z.number().int();

const entryUse = z
  .object({
    departments: z
      .array(departmentRef.extend({ items: count }))
      .meta({ description: 'Who holds a right over it now, and to how many items.' }),
    items: z.array(z.object({ id: z.string(), departments: count })),
    answers: z
      .object({
        counted: count,
        medianDays: z.number().nullable(),
        spread: z.array(z.object({ days: count, count })),
        agreed: count,
        partly: count,
        refused: count,
      })
      .meta({ description: 'How its provider answered the requests of the last 365 days, in working days begun.' }),
    health: z
      .object({
        delivered: count,
        failed: count,
        lastAt: time.nullable(),
        corrections: count,
        openCorrections: count,
      })
      .meta({
        description: 'Deliveries of the last 90 days, and what requesters have reported to be wrong (R809 Art.29).',
      }),
  })
  .meta({ id: 'EntryUse' });

/** What has come of an entry: who uses it, how long its provider takes to answer, how its data arrives. */
export function entryUseEndpoints({ db, departments }: Pick<RouteDeps, 'db' | 'departments'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/:id/use',
      tag: 'catalogue',
      summary: 'Who uses an entry, how its provider answers, how its data arrives',
      access: { object: 'catalogue', action: 'read' },
      params: idParams,
      answers: { 200: entryUse },
      async handle({ params, at }) {
        const entry = await findEntry(db, params.id);
        if (!entry) throw new Problem('NotFound');
        const since = (days: number): Date => new Date(Date.parse(at) - days * DAY_MS);
        const asked = { entryId: entry.id, provider: entry.provider, since: since(YEAR_DAYS) };
        const [users, answers, health, known] = await Promise.all([
          usersOfEntry(db, entry.id),
          answersOfEntry(db, asked),
          healthOfEntry(db, entry.id, since(QUARTER_DAYS)),
          departments(),
        ]);
        const { medianDays } = answers;
        const body = {
          departments: users.map(({ department, items }) => ({
            ...presentDepartment(department, known),
            items: items.length,
          })),
          items: entry.items.map(({ id }) => ({
            id,
            departments: users.filter(({ items }) => items.includes(id)).length,
          })),
          answers: { ...answers, medianDays: medianDays === null ? null : Math.round(medianDays * 100) / 100 },
          health: { ...health, lastAt: timeOrNull(health.lastAt) },
        };
        return { status: 200, body };
      },
    }),
  ];
}
