import { grantActionsOf } from '../../../domain/kernel/grant.ts';
import type { Actor } from '../../../domain/language.ts';
import type { Department } from '../../../store/departments.ts';
import type { GrantRow } from '../../../store/grants.ts';
import { mayIn, type Policies } from '../../reach.ts';
import { timeOf } from '../../time.ts';
import { presentDepartment } from '../departments/present.ts';

export interface GrantContext {
  readonly actor: Actor;
  readonly at: string;
  readonly policies: Policies;
  readonly departments: readonly Department[];
}

/** Whose permission an action needs: a delivery either party's, stopping and resuming the provider's or the authority's. */
export function mayActOnGrant(
  policies: Policies,
  actor: Actor,
  { action, row }: { readonly action: string; readonly row: Pick<GrantRow, 'body'> },
): boolean {
  const { requester, provider } = row.body;
  const departments = action === 'deliver' ? [requester, provider] : [provider];
  return mayIn(policies, actor, { action, object: 'grant', departments });
}

export function presentGrant(row: GrantRow, { actor, at, policies, departments }: GrantContext) {
  const { id, number, caseId, status, body, state, seq } = row;
  const { items, masks, rowScope, mode, file = null, purpose, validFrom, validTo } = body;
  return {
    id,
    number,
    caseId,
    status,
    seq,
    items,
    masks,
    rowScope,
    mode,
    file,
    purpose,
    validFrom,
    validTo,
    requester: presentDepartment(body.requester, departments),
    provider: presentDepartment(body.provider, departments),
    entry: { id: body.entryId, version: body.entryVersion },
    deliveries: state?.deliveries ?? 0,
    running: state?.running ?? null,
    disposalCaseId: row.disposalCaseId,
    renewalOffered: state?.isRenewalOffered ?? false,
    createdAt: timeOf(row.createdAt),
    updatedAt: timeOf(row.updatedAt),
    actions: (state ? grantActionsOf(state, actor, at) : [])
      .filter((action) => mayActOnGrant(policies, actor, { action, row }))
      .map((action) => ({ action })),
  };
}
