import { z } from 'zod';
import { MASK_RULES } from '../../../domain/catalogue.ts';
import { SHARE_MODES } from '../../../domain/language.ts';
import { date, departmentRef, id, paging, text, time } from '../../schema.ts';
import { isWhole } from '../deliveries/schema.ts';
import { fileAsk, rateAsk, rowScope, scheduleAsk } from '../share-requests/schema.ts';

export const GRANT_STATUSES = ['active', 'suspended', 'terminated', 'expired'] as const;

export const grantQuery = z.object({
  ...paging,
  status: z.enum(GRANT_STATUSES).optional(),
  requester: id.optional(),
  provider: id.optional(),
  caseId: id.optional(),
  entry: id.optional(),
});

const reason = text(0, 2_000);

/** As it stands: after an update, with the cycle of the entry that the grant is for. */
const schedule = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('cron'), cron: z.string() }),
    z.object({ kind: z.literal('after-update'), cycle: z.string() }),
    z.object({ kind: z.literal('on-call') }),
  ])
  .meta({ id: 'GrantSchedule' });

export const grantActionBody = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('deliver'), isWhole }),
    z.strictObject({ action: z.literal('reschedule'), schedule: scheduleAsk }),
    z.strictObject({ action: z.literal('suspend'), reason }),
    z.strictObject({ action: z.literal('resume'), reason }),
    z.strictObject({ action: z.literal('terminate'), reason }),
  ])
  .meta({ id: 'GrantAction' });

/** What may be offered of a grant: its own actions first, then what is filed or made elsewhere about it. */
export const GRANT_OFFERS = [
  'deliver',
  'reschedule',
  'suspend',
  'resume',
  'terminate',
  'renew',
  'confirmDisposal',
  'issueKey',
] as const;

const offered = z.object({
  action: z.enum(GRANT_OFFERS).meta({
    description:
      '`renew` is filed from GET /api/grants/{id}/application, `confirmDisposal` as a case of `disposal`, `issueKey` is POST /api/grants/{id}/keys.',
  }),
});

export const grantedEntry = z.object({
  id: z.string(),
  version: z.number().int(),
  name: z.string(),
  nameEn: z.string(),
});

/** What is given, and for how long. */
export const grantedTerms = {
  items: z.array(z.string()),
  masks: z.record(z.string(), z.enum(MASK_RULES)),
  rowScope,
  mode: z.enum(SHARE_MODES),
  purpose: z.string(),
  validFrom: date,
  validTo: date,
};

export const grant = z
  .object({
    id: z.string(),
    number: z.string(),
    caseId: z.string(),
    status: z.enum(GRANT_STATUSES),
    requester: departmentRef,
    provider: departmentRef,
    entry: grantedEntry,
    ...grantedTerms,
    file: fileAsk
      .nullable()
      .meta({ description: 'Where the mode is `file`: as what it is written, and where it goes.' }),
    rate: rateAsk.nullable().meta({ description: 'Where the mode is `service`: how often it may be called.' }),
    deliveries: z.number().int(),
    running: z.string().nullable(),
    renewalOffered: z.boolean(),
    schedule,
    nextRunAt: time.nullable().meta({ description: 'When the schedule makes the next delivery.' }),
    disposalCaseId: z.string().nullable().meta({ description: 'The case in which disposal was confirmed.' }),
    createdAt: time,
    updatedAt: time,
    seq: z.number().int(),
    actions: z.array(offered),
  })
  .meta({ id: 'Grant' });

export const grantActionDone = z
  .object({
    id: z.string().meta({ description: 'The command.' }),
    status: z.literal('done'),
    outcome: z.object({ streamId: z.string(), seq: z.number().int(), status: z.string() }).loose(),
    grant,
  })
  .meta({ id: 'GrantActionDone' });

export const successorQuery = z.object({ as: z.enum(['change', 'renewal']).default('renewal') });
