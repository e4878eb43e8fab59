import { z } from 'zod';
import { DIFFERENCE_KINDS } from '../../../domain/reconciliation/merge.ts';
import { SETTLEMENTS } from '../../../domain/reconciliation/settling.ts';
import { DIFFERENCE_STATES } from '../../../store/reconciliation-differences.ts';
import { departmentRef, id, listOf, paging, personRef, text, time } from '../../schema.ts';

/** Differences that are settled by one request. */
const MOST_SETTLED = 500;

export const reconciliationParams = z.object({ id: z.uuid() });
export const reconciliationQuery = z.object(paging);

const side = z.strictObject({
  entryId: id,
  // What the conditions say is told by checkRowScope.
  scope: z
    .strictObject({ all: z.array(z.unknown()) })
    .optional()
    .meta({
      description:
        'Which rows, as the row scope of a share request: conditions { item, operator, value }. Absent: all.',
    }),
});

const width = z.number().int().min(1).max(64).optional().meta({
  description: 'Of codes: shorter ones are filled with zeros at their end, up to so many characters.',
});
const pair = z.strictObject({ left: id, right: id, width });

export const newReconciliation = z
  .strictObject({
    name: text(2, 100),
    left: side,
    right: side,
    key: z.array(pair).min(1).max(8).meta({ description: 'What a row of one side is found by in the other.' }),
    compare: z.array(pair).max(50).meta({ description: 'What must be the same in both.' }),
    explainedBy: z
      .strictObject({
        entryId: id,
        before: id,
        after: id,
        on: id,
        show: z.array(id).max(6).optional(),
        digits: z.number().int().min(1).max(64).optional(),
      })
      .optional()
      .meta({
        description:
          'A history of codes: the items with the code before, the code after, and when. The first item of the key is looked up in it; with `digits` also the code that its first digits stand for.',
      }),
  })
  .meta({ id: 'NewReconciliation' });

const sideCounts = z.object({
  version: z.number().int(),
  rows: z.number().int(),
  withoutKey: z.number().int().meta({ description: 'Rows left out, as a part of their key is missing.' }),
});

export const reconciliation = z
  .object({
    id: z.string(),
    name: z.string(),
    spec: z.unknown().meta({ description: 'As it was asked for: NewReconciliation.' }),
    left: z.object({ entryId: z.string(), href: z.string(), provider: departmentRef }),
    right: z.object({ entryId: z.string(), href: z.string(), provider: departmentRef }),
    status: z.enum(['waiting', 'running', 'done', 'failed']),
    run: z.number().int().meta({ description: 'How often it has run to its end.' }),
    rowsDone: z.number().int(),
    counts: z
      .object({
        left: sideCounts,
        right: sideCounts,
        same: z.number().int(),
        differences: z.record(z.enum(DIFFERENCE_KINDS), z.number().int()),
        truncated: z.boolean().meta({ description: 'There are more differences than the 10,000 that are kept.' }),
      })
      .nullable()
      .meta({ description: 'Of the last run that came to its end.' }),
    open: z.number().int().meta({ description: 'Differences of that run that nobody has settled.' }),
    settled: z.number().int(),
    failure: z
      .object({ code: z.string(), side: z.enum(['left', 'right', 'explainedBy']).nullable(), message: z.string() })
      .nullable(),
    createdBy: personRef,
    createdAt: time,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    actions: z.array(z.object({ action: z.enum(['run', 'settle']) })),
  })
  .meta({ id: 'Reconciliation' });

export const reconciliationList = listOf(reconciliation);

export const differenceQuery = z.object({
  ...paging,
  kind: z.enum(DIFFERENCE_KINDS).optional(),
  state: z
    .enum(DIFFERENCE_STATES)
    .optional()
    .meta({ description: '`gone`: what earlier runs found and the last one did not. Absent: open and settled.' }),
});

export const exportQuery = differenceQuery.pick({ kind: true, state: true });

const settlement = z.object({
  decision: z.enum(SETTLEMENTS),
  reason: z.string(),
  by: personRef,
  department: departmentRef,
  at: time,
  run: z.number().int(),
});

const value = z.string().nullable();
/** Why a value is not shown. */
const hidden = z.enum(['sensitive', 'not-shared']).nullable();

export const difference = z
  .object({
    id: z.string(),
    kind: z.enum(DIFFERENCE_KINDS),
    state: z.enum(DIFFERENCE_STATES),
    key: z.array(z.string()).nullable().meta({ description: 'Null: not for this caller to see.' }),
    values: z.array(
      z.object({
        left: value,
        right: value,
        differs: z.boolean(),
        hidden: z.object({ left: hidden, right: hidden }),
      }),
    ),
    times: z.object({ left: z.number().int(), right: z.number().int() }).nullable(),
    explanations: z.array(z.object({ before: value, after: value, on: value, shown: z.array(value) })),
    seen: z.string().meta({ description: 'What settles it names this: another one, once the difference has changed.' }),
    firstRun: z.number().int(),
    lastRun: z.number().int(),
    settlement: settlement.nullable(),
    earlier: z.array(settlement).meta({ description: 'What was said of it before, latest first.' }),
    actions: z.array(z.object({ action: z.literal('settle'), decisions: z.array(z.enum(SETTLEMENTS)) })),
  })
  .meta({ id: 'Difference' });

export const differenceList = listOf(difference);

export const newSettlements = z
  .strictObject({
    differences: z
      .array(z.strictObject({ id: z.uuid(), seen: text(1, 64) }))
      .min(1)
      .max(MOST_SETTLED)
      .refine((all) => new Set(all.map((one) => one.id)).size === all.length, { params: { code: 'Duplicate' } }),
    decision: z.enum(SETTLEMENTS).meta({
      description:
        '`left` (the left is right) is for the right’s provider to say, `right` for the left’s; `both` are right for the reason given, or the own source is `mended`, for either.',
    }),
    reason: text(1, 1_000),
  })
  .meta({ id: 'NewSettlements' });

export const settlementsDone = z.object({
  counts: z.object({ settled: z.number().int(), refused: z.number().int() }),
  items: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['settled', 'refused']),
      problem: z.object({ type: z.string(), title: z.string(), status: z.number().int(), code: z.string() }).nullable(),
    }),
  ),
});
