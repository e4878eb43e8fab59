import { z } from 'zod';
import { MOVE_OUTCOMES } from '../../../store/route-migrations.ts';
import { id, paging, personRef, text, time } from '../../schema.ts';
import { route, routeBody } from './route-schema.ts';

/** Ids of routes have a slash, which addresses cannot carry safely: `share-request~conditional` names share-request/conditional. */
const named = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*(?:[~/][a-z0-9][a-z0-9.-]*)*$/)
  .max(200)
  .meta({
    description: 'The route’s id with `~` for its slash: `share-request~conditional`.',
    example: 'share-request~conditional',
  });
const version = z.string().regex(/^[1-9]\d{0,8}$/);
const uuid = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);

export const routeParams = z.object({ id: named });
export const versionParams = z.object({ id: named, version });
export const draftParams = z.object({ id: named, draft: uuid });
export const migrationParams = z.object({ id: named, run: uuid });

/** The route that a path names. */
export function routeIdIn({ id: name }: { readonly id: string }): string {
  return name.replaceAll('~', '/');
}

const actions = z.array(z.object({ action: z.string() }));

export const versionShown = z
  .object({
    id: z.string(),
    version: z.number().int(),
    publishedAt: time,
    publishedBy: personRef.nullable().meta({ description: 'Null for one that ships with the platform.' }),
    note: z.string().nullable(),
  })
  .meta({ id: 'RouteVersion' });

export const versionDetail = versionShown.extend({ route }).meta({ id: 'RouteVersionDetail' });

export const draftShown = z
  .object({
    id: z.string(),
    routeId: z.string(),
    basedOn: z.number().int().nullable(),
    revision: z.number().int(),
    createdBy: personRef,
    createdAt: time,
    updatedBy: personRef,
    updatedAt: time,
    publishedAs: z.number().int().nullable(),
    actions,
  })
  .meta({ id: 'RouteDraft' });

export const draftDetail = draftShown.extend({ route: routeBody }).meta({ id: 'RouteDraftDetail' });

export const routeShown = z
  .object({
    id: z.string(),
    href: z.string(),
    latest: versionShown,
    drafts: z.array(draftShown).meta({ description: 'Not published yet; for those who may change them.' }),
    actions,
  })
  .meta({ id: 'RouteSummary' });

export const newDraft = z
  .strictObject({
    from: z.number().int().min(1).max(999_999_999).optional(),
    route: routeBody.optional(),
  })
  .refine(({ from, route: given }) => (from === undefined) !== (given === undefined), { params: { code: 'OneSource' } })
  .meta({ id: 'NewRouteDraft', description: 'Begun from a published version, or brought as a whole.' });

export const changedDraft = z.strictObject({ route: routeBody }).meta({ id: 'ChangedRouteDraft' });

export const validation = z
  .object({
    sound: z.boolean(),
    faults: z.array(z.object({ block: z.string(), code: z.string(), message: z.string(), pointer: z.string() })),
  })
  .meta({ id: 'RouteValidation' });

export const publicationBody = z.strictObject({ note: text(1, 2_000).optional() });
export const publication = versionDetail;

export const migrationBody = z
  .strictObject({
    to: z.number().int().min(1).max(999_999_999),
    cases: z
      .union([
        z.literal('all'),
        z
          .array(id)
          .min(1)
          .max(1_000)
          .refine((ids) => new Set(ids).size === ids.length, { params: { code: 'Duplicate' } }),
      ])
      .default('all')
      .meta({ description: 'Ids of cases, or all running ones on another version.' }),
    dryRun: z.boolean().default(false).meta({ description: 'Tell what would become of them, and move none.' }),
  })
  .meta({ id: 'RouteMigrationBody' });

export const migrationQuery = z.object({ ...paging, outcome: z.enum(MOVE_OUTCOMES).optional() });

const move = z.object({
  caseId: z.string(),
  number: z.string().nullable(),
  from: z.number().int().nullable().meta({ description: 'The version that the case was on.' }),
  outcome: z.enum(MOVE_OUTCOMES),
  lapsed: z.array(z.string()).meta({ description: 'Stages whose signatures lapse.' }),
  dropped: z.array(z.string()).meta({ description: 'Stages that the new version does not have.' }),
  problem: z.object({ type: z.string(), code: z.string(), title: z.string() }).nullable(),
});

export const migration = z
  .object({
    id: z.string(),
    routeId: z.string(),
    to: z.number().int(),
    dryRun: z.boolean(),
    status: z.enum(['running', 'done']),
    startedBy: personRef,
    startedAt: time,
    endedAt: time.nullable(),
    counts: z.record(z.enum(MOVE_OUTCOMES), z.number().int()),
    items: z.array(move),
    nextCursor: z.string().nullable(),
    href: z.string(),
  })
  .meta({ id: 'RouteMigration' });
