import { taskIdOf, type CaseState } from '../../../domain/case.ts';
import type { Entry } from '../../../domain/catalogue.ts';
import { actionsOf } from '../../../domain/kernel/share-request.ts';
import type { Actor } from '../../../domain/language.ts';
import { type Stage, stagesOf } from '../../../domain/route.ts';
import { describeRowScope } from '../../../domain/row-scope.ts';
import type { CaseRow } from '../../../store/cases.ts';
import type { DeliveryRow } from '../../../store/deliveries.ts';
import type { RecordedEvent } from '../../../store/events.ts';
import type { Department } from '../../../store/departments.ts';
import type { StoredForm } from '../../../store/forms.ts';
import type { Locale } from '../../problem.ts';
import type { Policies } from '../../reach.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentReason } from '../deliveries/present.ts';
import { presentDepartment } from '../departments/present.ts';

export interface CaseContext {
  readonly actor: Actor;
  readonly at: string;
  readonly locale: Locale;
  readonly policies: Policies;
  readonly departments: readonly Department[];
  readonly names: ReadonlyMap<string, string>;
}

type Offered = ReturnType<typeof actionsOf>[number];

/** What the kernel would accept from this person and the policies allow. */
export function offeredActions(state: CaseState, { actor, at, policies }: CaseContext): Offered[] {
  return actionsOf(state, actor, at).filter(({ action }) => mayAct(policies, actor, { action, state }));
}

export function mayAct(
  policies: Policies,
  actor: Actor,
  { action, state }: { readonly action: Offered['action']; readonly state: CaseState },
): boolean {
  switch (action) {
    case 'approve':
    case 'reject':
    case 'askSupplement':
      return [state.requester, state.provider].some((department) => policies.may(actor, 'decide', 'task', department));
    case 'supplement':
    case 'withdraw':
      return policies.may(actor, action, 'case', state.requester);
  }
}

export function presentPerson(id: string, names: ReadonlyMap<string, string>) {
  return { id, name: names.get(id) ?? id };
}

/** The people that a case's answer mentions. */
export function peopleIn({ applicant, state }: CaseRow): string[] {
  return [applicant, ...Object.values(state.stages).flatMap(({ answer }) => answer?.actor ?? [])];
}

/** A case in a list. */
export function presentCase(row: CaseRow, context: CaseContext) {
  const { id, number, kind, title, status, stage, dueOn, seq, state } = row;
  return {
    id,
    number,
    kind,
    title,
    status,
    stage,
    dueOn,
    seq,
    requester: presentDepartment(row.requester, context.departments),
    provider: presentDepartment(row.provider, context.departments),
    applicant: presentPerson(row.applicant, context.names),
    entry: { id: row.entryId, version: row.entryVersion },
    form: { id: state.form.id, version: state.form.version, digest: state.form.digest },
    grantId: state.grantId ?? null,
    openedAt: timeOf(row.openedAt),
    updatedAt: timeOf(row.updatedAt),
    endedAt: timeOrNull(row.endedAt),
    actions: offeredActions(state, context),
  };
}

/** A case in full. */
export function presentCaseDetail(
  row: CaseRow,
  {
    form,
    entry,
    latest,
  }: { readonly form: StoredForm; readonly entry: Entry; readonly latest: DeliveryRow | undefined },
  context: CaseContext,
) {
  const { state } = row;
  const { supplement, delivery } = state;
  return {
    ...presentCase(row, context),
    application: form.body,
    rowScopeText: describeRowScope(form.body.rowScope, entry.items, context.locale),
    stages: stagesOf(state.route.root).map((stage) => presentStage(stage, state, context)),
    clocks: Object.values(state.clocks).map(presentClock),
    supplement: supplement ? { ...supplement, at: timeOf(new Date(supplement.at)) } : null,
    delivery: delivery ?? null,
    hindrance: presentHindrance(latest, context.locale),
  };
}

/** What stands in the way of the delivery that the case waits for. */
function presentHindrance(latest: DeliveryRow | undefined, locale: Locale) {
  if (!latest?.reason) return null;
  const { id: deliveryId, status, attempt, reason } = latest;
  return { deliveryId, status, attempt, reason: presentReason(reason, locale) };
}

function presentStage({ id, seat }: Stage, state: CaseState, { departments, names }: CaseContext) {
  const now = state.stages[id];
  const department = seat.department === 'requester' ? state.requester : state.provider;
  const answer = now?.answer;
  return {
    id,
    standing: now?.standing ?? ('ahead' as const),
    seat: { role: seat.role, department: presentDepartment(department, departments) },
    activation: now?.activation ?? 0,
    taskId: now ? taskIdOf(state.caseId, id, now.activation) : null,
    openedAt: now ? timeOf(new Date(now.openedAt)) : null,
    answer: answer
      ? {
          verdict: answer.verdict,
          at: timeOf(new Date(answer.at)),
          by: presentPerson(answer.actor, names),
          form: answer.form,
        }
      : null,
  };
}

function presentClock(clock: CaseState['clocks'][string]) {
  const { startedOn, rawDueOn, dueOn, pausedFor, stopped, passedAt, calendarVersion } = clock;
  return {
    id: clock.clock,
    startedOn,
    rawDueOn,
    dueOn,
    pausedFor,
    stopped,
    calendarVersion,
    kind: clock.limit.kind,
    legal: clock.limit.legal,
    promise: clock.limit.promise ?? null,
    promisedOn: clock.promisedOn ?? null,
    passedAt: passedAt === undefined ? null : timeOf(new Date(passedAt)),
  };
}

export function presentEvent({ seq, commandId, event, digest, recordedAt }: RecordedEvent) {
  return { seq, commandId, event, digest, recordedAt: timeOf(recordedAt) };
}
