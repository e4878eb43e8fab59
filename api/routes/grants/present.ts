import type { Grant } from '../../../domain/grant.ts';
import { grantActionsOf } from '../../../domain/kernel/grant.ts';
import { nextRunOf } from '../../../domain/kernel/grant-schedule.ts';
import type { Actor } from '../../../domain/language.ts';
import type { Schedule } from '../../../domain/schedule/schedule.ts';
import type { Department } from '../../../store/departments.ts';
import type { GrantRow } from '../../../store/grants.ts';
import { mayIn, type Policies } from '../../reach.ts';
import type { GRANT_OFFERS } from './schema.ts';
import { timeOf } from '../../time.ts';
import { presentDepartment } from '../departments/present.ts';

const ON_CALL: Schedule = { kind: 'on-call' };

export interface GrantContext {
  readonly actor: Actor;
  readonly at: string;
  readonly policies: Policies;
  readonly departments: readonly Department[];
}

/**
 * Whose permission an action needs: a delivery either party's, its times the requester's, stopping and resuming the
 * provider's or the authority's.
 */
export function mayActOnGrant(
  policies: Policies,
  actor: Actor,
  { action, row }: { readonly action: string; readonly row: Pick<GrantRow, 'body'> },
): boolean {
  const { requester, provider } = row.body;
  const departments = PARTIES[action]?.({ requester, provider }) ?? [provider];
  return mayIn(policies, actor, { action, object: 'grant', departments });
}

const PARTIES: Readonly<Record<string, (of: Pick<Grant, 'requester' | 'provider'>) => readonly string[]>> = {
  deliver: ({ requester, provider }) => [requester, provider],
  reschedule: ({ requester }) => [requester],
};

export function presentGrant(row: GrantRow, { actor, at, policies, departments }: GrantContext) {
  const { id, number, caseId, status, body, state, seq } = row;
  const { items, masks, rowScope, mode, file = null, rate = null, purpose, validFrom, validTo } = body;
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
    rate,
    purpose,
    validFrom,
    validTo,
    requester: presentDepartment(body.requester, departments),
    provider: presentDepartment(body.provider, departments),
    entry: { id: body.entryId, version: body.entryVersion, name: row.entryName, nameEn: row.entryNameEn },
    deliveries: state?.deliveries ?? 0,
    running: state?.running ?? null,
    disposalCaseId: row.disposalCaseId,
    renewalOffered: state?.isRenewalOffered ?? false,
    schedule: state?.schedule ?? ON_CALL,
    nextRunAt: (state && nextRunOf(state)) ?? null,
    createdAt: timeOf(row.createdAt),
    updatedAt: timeOf(row.updatedAt),
    actions: (state ? grantActionsOf(state, actor, at) : [])
      .filter((action): boolean => mayActOnGrant(policies, actor, { action, row }))
      .map((action): { action: OfferedOnGrant } => ({ action: action as OfferedOnGrant }))
      .concat(besides(row, { actor, policies }).map((action) => ({ action }))),
  };
}

type OfferedOnGrant = (typeof GRANT_OFFERS)[number];

/** What can be done about a grant elsewhere: an application that goes on from it, a case about it, a key of it. */
function besides(
  { status, body, disposalCaseId }: GrantRow,
  { actor, policies }: Pick<GrantContext, 'actor' | 'policies'>,
): OfferedOnGrant[] {
  const { requester, mode } = body;
  const isOver = status === 'expired' || status === 'terminated';
  const asks = actor.department === requester && actor.roles.includes('requester');
  const mayRenew = (status === 'active' || status === 'expired') && asks;
  return [
    ...(mayRenew && policies.may(actor, 'file', 'share-request', requester) ? (['renew'] as const) : []),
    // R809 Art.28: once it is over, what became of the data is confirmed once.
    ...(isOver && disposalCaseId === null && asks ? (['confirmDisposal'] as const) : []),
    ...(mode === 'service' && status === 'active' && policies.may(actor, 'manage', 'grant-key', requester)
      ? (['issueKey'] as const)
      : []),
  ];
}
