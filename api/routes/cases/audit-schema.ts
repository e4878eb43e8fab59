import { z } from 'zod';
import { AUDIT_LINKS } from '../../../domain/audit-chain.ts';
import { time } from '../../schema.ts';

export const auditDifference = z.object({
  field: z.string(),
  seq: z.number().int().optional().meta({ description: 'The event that it is about.' }),
  expected: z.string(),
  found: z.string(),
  message: z.string().optional(),
});

export const auditLink = z
  .object({
    link: z.enum(AUDIT_LINKS),
    verdict: z.enum(['holds', 'fails', 'unknown', 'none']),
    facts: z.record(z.string(), z.union([z.string(), z.number()])),
    differences: z.array(auditDifference),
  })
  .meta({ id: 'AuditLink' });

export const caseVerification = z
  .object({
    caseId: z.string(),
    at: time,
    verdict: z.enum(['holds', 'fails', 'unknown']).meta({
      description: 'fails: a link does; unknown: none does, and one could not be looked into.',
    }),
    links: z.array(auditLink).meta({ description: 'From what was delivered to the accounts that are kept of it.' }),
  })
  .meta({ id: 'CaseVerification' });

/** The chains of digests of a case: of its events, and of the manifests under each of its grants. */
export const chains = z
  .object({
    case: z.object({ id: z.string(), number: z.string(), title: z.string(), status: z.string() }),
    events: z.number().int(),
    digest: z.string().meta({ description: 'Of the last event.' }),
    verdict: z.enum(['whole', 'broken']),
    difference: auditDifference.nullable(),
    grants: z.array(
      z.object({
        id: z.string(),
        number: z.string(),
        manifests: z.number().int(),
        verdict: z.enum(['whole', 'not-chained', 'broken']),
        at: z.number().int().nullable().meta({ description: 'The first manifest that does not fit, from 1.' }),
        why: z.enum(['altered', 'missing', 'before']).nullable(),
      }),
    ),
  })
  .meta({ id: 'Chains' });
