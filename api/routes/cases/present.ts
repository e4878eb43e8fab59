import { dateIn } from '../../../domain/calendar.ts';
import { taskIdOf, type Absent, type CaseState, type SeatState } from '../../../domain/case.ts';
import type { Entry } from '../../../domain/catalogue.ts';
import { deadlineOf } from '../../../domain/deadline.ts';
import { seenOf } from '../../../domain/kernel/item-answers.ts';
import { planOf, departmentOf, type StageNode } from '../../../domain/kernel/plan.ts';
import type { Actor } from '../../../domain/language.ts';
import { seatsOf } from '../../../domain/route.ts';
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
import { offeredActions } from './offered.ts';
import { presentOpenItems, presentRefused } from './present-items.ts';

export interface CaseContext {
  readonly actor: Actor;
  readonly at: string;
  readonly locale: Locale;
  readonly policies: Policies;
  readonly departments: readonly Department[];
  readonly names: ReadonlyMap<string, string>;
  /** Everybody of the caller's department, and for the authority of every department: whom tasks could be handed to. */
  readonly colleagues: readonly Actor[];
  /** The absent people whom the caller stands in for now. */
  readonly standsInFor: readonly Absent[];
}

export function presentPerson(id: string, names: ReadonlyMap<string, string>) {
  return { id, name: names.get(id) ?? id };
}

/** The people that a case's answer mentions. */
export function peopleIn({ applicant, state }: CaseRow): string[] {
  const seats = Object.values(state.stages).flatMap((stage) => stage.seats);
  const inSeats = seats.flatMap(({ holder, delegators, added, answer }) => [
    ...(holder === undefined ? [] : [holder]),
    ...delegators,
    ...(added ? [added.by] : []),
    ...(answer ? [answer.actor, ...answer.through] : []),
  ]);
  return [applicant, ...inSeats];
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
    entry: row.entryId === null ? null : { id: row.entryId, version: row.entryVersion },
    about: { grantId: row.aboutGrantId, caseId: row.aboutCaseId, follows: state.about?.follows ?? null },
    form: { id: state.form.id, version: state.form.version, digest: state.form.digest, seen: seenOf(state) },
    grantId: state.grants[0]?.id ?? null,
    items: itemsOf(state),
    deadline: presentDeadline(state, context.at),
    waitingFor: row.endedAt ? [] : waitingFor(state, context),
    openedAt: timeOf(row.openedAt),
    updatedAt: timeOf(row.updatedAt),
    endedAt: timeOrNull(row.endedAt),
    actions: offeredActions(state, context),
  };
}

/** How many items a share request asks for, over all its resources. */
function itemsOf({ form }: CaseState): number | null {
  const items = form.facts?.['items'];
  return typeof items === 'number' ? items : null;
}

/** Whose answers the case waits for, and since when. */
function waitingFor(state: CaseState, { departments, names }: CaseContext) {
  return Object.entries(state.stages).flatMap(([stage, { standing, seats }]) =>
    seats
      .filter((seat) => standing === 'open' && seat.standing === 'open')
      .map(({ capacity, holder, openedAt }) => ({
        stage,
        role: capacity.role,
        department: presentDepartment(capacity.department, departments),
        holder: holder === undefined ? null : presentPerson(holder, names),
        since: timeOf(new Date(openedAt)),
      })),
  );
}

function presentDeadline(state: CaseState, at: string) {
  const deadline = deadlineOf(state, dateIn(at));
  return deadline ? { ...deadline, promise: deadline.promise ?? null } : null;
}

/** A case in full. */
export function presentCaseDetail(
  row: CaseRow,
  {
    form,
    entry,
    latest,
  }: { readonly form: StoredForm; readonly entry: Entry | undefined; readonly latest: DeliveryRow | undefined },
  context: CaseContext,
) {
  const { state } = row;
  const { returned, suspended } = state;
  const supplements = Object.entries(state.supplements).map(([stage, { missing, at }]) => ({
    stage,
    missing,
    at: timeOf(new Date(at)),
  }));
  return {
    ...presentCase(row, context),
    application: entry ? form.body : null,
    rowScopeText: entry ? describeRowScope(form.body.rowScope, entry.items, context.locale) : null,
    content: entry ? null : (form.body as unknown as Readonly<Record<string, unknown>>),
    route: { id: state.route.id, version: state.route.version },
    round: state.round,
    refileUntil: state.refileUntil ?? null,
    stages: planOf(state).stages.map((node) => presentStage(node, row, context)),
    clocks: Object.values(state.clocks).map((clock) => presentClock(clock, state)),
    refused: presentRefused(row, context),
    supplement: supplements[0] ?? null,
    supplements,
    returned: returned ? { ...returned, at: timeOf(new Date(returned.at)) } : null,
    suspended: suspended ? { ...suspended, at: timeOf(new Date(suspended.at)) } : null,
    grants: state.grants.map(({ id, subject, delivery, over }) => ({
      id,
      subject: subject ?? null,
      outcome: delivery?.outcome ?? null,
      over: over ?? null,
    })),
    delivery: state.grants[0]?.delivery ?? null,
    hindrance: presentHindrance(latest, context.locale),
  };
}

/** What stands in the way of the delivery that the case waits for. */
function presentHindrance(latest: DeliveryRow | undefined, locale: Locale) {
  if (!latest?.reason) return null;
  const { id: deliveryId, status, attempt, reason } = latest;
  return { deliveryId, status, attempt, reason: presentReason(reason, locale) };
}

function presentStage(node: StageNode, { state, entryId }: CaseRow, context: CaseContext) {
  const { id } = node;
  const now = state.stages[id];
  const [spec] = seatsOf(node.stage);
  const seats = now?.seats.map((seat) => presentSeat(seat, { state, stage: id, activation: now.activation }, context));
  const first = seats?.[0];
  return {
    id,
    standing: now?.standing ?? ('ahead' as const),
    verdict: now?.verdict ?? null,
    seat: {
      role: spec?.role ?? 'authority',
      department: presentDepartment(
        spec ? departmentOf(spec, node, state.requester) : node.provider,
        context.departments,
      ),
    },
    seats: seats ?? [],
    activation: now?.activation ?? 0,
    taskId: first?.taskId ?? null,
    openedAt: now ? timeOf(new Date(now.openedAt)) : null,
    basis: [...node.basis],
    items: now?.standing === 'open' ? presentOpenItems(node, { state, entryId }) : [],
    answer: first?.answer ?? null,
  };
}

function presentSeat(
  seat: SeatState,
  { state, stage, activation }: { readonly state: CaseState; readonly stage: string; readonly activation: number },
  { departments, names }: CaseContext,
) {
  const { id, capacity, holder, standing, added, delegators, answer } = seat;
  const person = (one: string) => presentPerson(one, names);
  return {
    seat: id,
    taskId: taskIdOf(state.caseId, stage, activation, id),
    role: capacity.role,
    department: presentDepartment(capacity.department, departments),
    holder: holder === undefined ? null : person(holder),
    standing,
    added: added ? { ...added, by: person(added.by) } : null,
    delegators: delegators.map(person),
    answer: answer
      ? {
          verdict: answer.verdict,
          at: timeOf(new Date(answer.at)),
          by: person(answer.actor),
          through: answer.through.map(person),
          form: answer.form,
        }
      : null,
  };
}

function presentClock(clock: CaseState['clocks'][string], { extensions }: CaseState) {
  const { startedOn, rawDueOn, dueOn, pausedFor, stopped, passedAt, calendarVersion } = clock;
  return {
    id: clock.clock,
    startedOn,
    rawDueOn,
    dueOn,
    pausedFor,
    stopped,
    calendarVersion,
    extendedBy: clock.extendedBy ?? 0,
    extension: extensions[clock.clock] ?? null,
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
