import { checkDraft } from '../../../domain/catalogue-check.ts';
import type { Actor, Fault } from '../../../domain/language.ts';
import type { Department } from '../../../store/departments.ts';
import type { DraftRow } from '../../../store/catalogue-drafts.ts';
import { isChangeable } from '../../catalogue-drafts.ts';
import { messageOf } from '../../fault-messages.ts';
import type { MountCheck } from '../../mounts.ts';
import type { Locale } from '../../problem.ts';
import type { Policies } from '../../reach.ts';
import { timeOf } from '../../time.ts';
import { presentPerson } from '../cases/present.ts';
import { presentReason } from '../data-sources/present.ts';
import { presentDepartment } from '../departments/present.ts';

export interface DraftContext {
  readonly actor: Actor;
  readonly locale: Locale;
  readonly policies: Policies;
  readonly departments: readonly Department[];
  readonly names: ReadonlyMap<string, string>;
}

export function presentDraftSummary(draft: DraftRow, context: DraftContext) {
  const { id, entryId, basedOn, body, origin, status, caseId, revision } = draft;
  return {
    id,
    entryId,
    basedOn,
    name: body.name ?? '',
    provider: presentDepartment(draft.provider, context.departments),
    origin,
    status,
    caseId,
    revision,
    createdBy: presentPerson(draft.createdBy, context.names),
    createdAt: timeOf(draft.createdAt),
    updatedAt: timeOf(draft.updatedAt),
    items: body.items?.length ?? 0,
    gaps: checkDraft(body).length,
    suggested: draft.suggestions.length,
    actions: actionsOn(draft, context),
  };
}

/** A draft with what is wrong with it, and what came of holding it against what it is mounted on. */
export function presentDraft(
  draft: DraftRow,
  { faults, mount }: { readonly faults: readonly Fault[]; readonly mount: MountCheck },
  context: DraftContext,
) {
  const { provider: _, ...body } = draft.body;
  return {
    ...presentDraftSummary(draft, context),
    body,
    suggestions: draft.suggestions.map(({ evidence, ...one }) => ({
      ...one,
      evidence: { ...evidence, message: messageOf({ pointer: '', ...evidence }, context.locale) },
    })),
    mountCheck: {
      kind: mount.kind ?? null,
      failure: mount.failure === undefined ? null : presentReason(mount.failure, context.locale),
    },
    faults: faults.map((fault) => ({
      pointer: fault.pointer,
      code: fault.code,
      message: messageOf(fault, context.locale),
    })),
  };
}

function actionsOn(draft: DraftRow, { actor, policies }: DraftContext) {
  if (!policies.may(actor, 'edit', 'catalogue-draft', draft.provider)) return [];
  const isOpen = draft.status === 'open';
  return [
    ...(isChangeable(draft) ? [{ action: 'edit' as const }] : []),
    ...(isChangeable(draft) && draft.suggestions.length > 0 ? [{ action: 'accept' as const }] : []),
    ...(isOpen ? [{ action: 'drop' as const }] : []),
    ...(isOpen && actor.roles.includes('reviewer') ? [{ action: 'file' as const }] : []),
  ];
}
