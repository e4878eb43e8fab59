import { z } from 'zod';
import { REJECT_REASONS } from '../../../domain/case.ts';
import { ROLES } from '../../../domain/language.ts';
import { day, id, text } from '../../schema.ts';
import { applicationFields, applicationSchema } from '../share-requests/schema.ts';

export const seen = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'What the person had before them: `form.seen` of the case or task as it was shown.' });
const refused = z
  .array(
    z.strictObject({
      itemId: id,
      subject: id.optional().meta({ description: 'The entry, where the application asks for several.' }),
      reason: text(0, 500),
    }),
  )
  .max(1_000)
  .optional()
  .meta({ description: '部分同意: the items that are not agreed to, each with the reason. The others are.' });
export const words = text(0, 2_000);
const note = text(1, 2_000).optional();
const stage = text(1, 100);
const to = id.meta({ description: 'The person, by account.' });
const missing = z.array(z.strictObject({ part: text(1, 60), text: text(0, 500) })).max(40);
const onBehalf = id.optional().meta({ description: 'The absent person whom the caller stands in for (代理).' });

/** What is done to a task, without the task. */
const TASK_ACTIONS = [
  { action: z.literal('approve'), seen, opinion: text(1, 2_000).optional(), refused },
  {
    action: z.literal('reject'),
    seen,
    reason: z.strictObject({ code: z.enum([...REJECT_REASONS, 'incomplete']), text: words }),
  },
  { action: z.literal('askSupplement'), missing },
  { action: z.literal('return'), to: stage, way: z.enum(['again', 'straight']), reason: words },
  { action: z.literal('takeBack'), reason: words },
  { action: z.literal('reassign'), to, reason: words },
  { action: z.literal('delegate'), to, note },
  { action: z.literal('advise'), opinion: words },
  { action: z.literal('recall') },
  { action: z.literal('addSeat'), place: z.enum(['before', 'beside', 'after']), to, note },
  { action: z.literal('removeSeat'), reason: words },
] as const;

const { items, legalBasis, scenario, purpose, mode, period, warranties } = applicationFields;

/** What may be changed of a share request. */
export const applicationChanges = z.strictObject({
  items: items.optional(),
  masks: applicationFields.masks.unwrap().optional(),
  rowScope: z.unknown().optional(),
  reasons: applicationFields.reasons,
  legalBasis: legalBasis.optional(),
  scenario: scenario.optional(),
  purpose: purpose.optional(),
  mode: mode.optional(),
  file: applicationFields.file,
  rate: applicationFields.rate,
  period: period.optional(),
  schedule: applicationFields.schedule,
  warranties: warranties.optional(),
  attachments: applicationFields.attachments.unwrap().optional(),
  further: applicationSchema.shape.further.unwrap().optional(),
});

/** Of a share request the members above, of any other case the fields of its process: checked once the case is known. */
const form = z
  .record(z.string().max(60), z.unknown())
  .optional()
  .meta({ description: 'The members of the application, or the fields of the process’s form, that are changed.' });

const FORM_ACTIONS = [
  z.strictObject({ action: z.literal('supplement'), form, stage: stage.optional(), note, onBehalf }),
  z.strictObject({ action: z.literal('resubmit'), form, note, onBehalf }),
  z.strictObject({ action: z.literal('refile'), form, note, onBehalf }),
] as const;

const CASE_ACTIONS = [
  z.strictObject({ action: z.literal('withdraw'), reason: words.default(''), onBehalf }),
  z.strictObject({ action: z.literal('urge'), note, onBehalf }),
  z.strictObject({
    action: z.literal('copy'),
    to: z.array(z.strictObject({ role: z.enum(ROLES), department: id })).max(20),
    note,
    onBehalf,
  }),
  z.strictObject({ action: z.literal('comment'), text: words, onBehalf }),
  z.strictObject({ action: z.literal('suspend'), reason: words, reviewOn: day, onBehalf }),
  z.strictObject({ action: z.literal('resume'), reason: words, onBehalf }),
  z.strictObject({ action: z.literal('terminate'), reason: words, onBehalf }),
  z.strictObject({
    action: z.literal('askExtension'),
    clock: stage,
    days: z.number().int().min(1).max(100),
    reason: words,
    onBehalf,
  }),
  z.strictObject({ action: z.literal('grantExtension'), clock: stage, onBehalf }),
  z.strictObject({ action: z.literal('refuseExtension'), clock: stage, reason: words, onBehalf }),
] as const;

const [one, ...others] = TASK_ACTIONS.map((fields) => z.strictObject({ ...fields, onBehalf }));
const [first, ...more] = TASK_ACTIONS.map((fields) => z.strictObject({ ...fields, taskId: id, onBehalf }));
if (!one || !first) throw new Error('There are no actions on tasks');

/** What is done to a task, at the task's own address. */
export const taskActionBody = z.discriminatedUnion('action', [one, ...others]).meta({ id: 'TaskAction' });

/** What is done to a case; a task of it is named by its id. */
export const caseActionBody = z
  .discriminatedUnion('action', [first, ...more, ...FORM_ACTIONS, ...CASE_ACTIONS])
  .meta({ id: 'CaseAction' });

export type TaskInput = z.output<typeof caseActionBody> & { readonly taskId: string };
export type CaseInput = z.output<typeof caseActionBody>;
export type FormInput = z.output<(typeof FORM_ACTIONS)[number]>;
