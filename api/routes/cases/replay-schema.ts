import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import { time } from '../../schema.ts';

export const replayBody = z.strictObject({
  history: z.string().min(2).max(1_500_000).optional().meta({
    description: 'A history as Temporal’s JSON, to be held against the case; absent: the one that is stored.',
  }),
});

const shown = z.string();

const difference = z.object({ seq: z.number().int().optional(), field: shown, replayed: shown, found: shown });

export const replayReport = z
  .object({
    caseId: z.string(),
    verdict: z.enum([
      'agrees',
      'history-altered',
      'record-differs',
      'record-altered',
      'projection-differs',
      'not-replayable',
    ]),
    events: z.number().int(),
    decisions: z.array(
      z.object({
        seq: z.number().int(),
        type: z.string(),
        at: time,
        actor: z.string(),
        capacity: z.object({ role: z.enum(ROLES), department: z.string() }),
        stage: z.string().optional(),
        verdict: z.string().optional(),
        reason: z.string().optional(),
      }),
    ),
    difference: difference.optional(),
    altered: difference.optional().meta({
      description: 'Where the record was altered: the first of its events that the history has otherwise.',
    }),
    digest: z.string(),
  })
  .meta({ id: 'ReplayReport' });
