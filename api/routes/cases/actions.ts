import { type Capacity, partiesOf, type PersonAction, type RefusedItem } from '../../../domain/case.ts';
import { missingFaults } from '../../../domain/kernel/decide-answer.ts';
import { seatOfTask } from '../../../domain/kernel/holding.ts';
import { itemFaults } from '../../../domain/kernel/item-answers.ts';
import type { CaseRow } from '../../../store/cases.ts';
import { caseSummaryFor, visibleCase } from '../../case-views.ts';
import type { Submitted } from '../../command-runner.ts';
import type { CallerCall, Reply } from '../../endpoint.ts';
import { changeForm } from '../../form-changes.ts';
import { Problem } from '../../problem.ts';
import { accepted } from '../../replies.ts';
import { isReconciliationCase, requireSettled } from '../../reconciliation/case.ts';
import { carriedBy, judged, personNamed } from '../../staff.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import type { CaseInput, FormInput } from './action-schema.ts';
import { mayAct } from './offered.ts';

type Deps = Pick<RouteDeps, 'db' | 'policies' | 'commands' | 'departments' | 'processes' | 'mounts' | 'outside'>;
type Call = CallerCall<unknown, unknown, unknown>;

/** Carries out an action on a case that the caller has been shown, and tells what came of it. */
export async function actOnCase(
  deps: Deps,
  row: CaseRow,
  { input, call }: { input: CaseInput; call: Call },
): Promise<Reply> {
  const submitted = await submitAction(deps, row, { input, call });
  if (submitted.status === 'pending') return accepted(submitted);
  const now = await visibleCase(deps, row.id, call);
  const { id, status, outcome } = submitted;
  return { status: 200, body: { id, status, outcome, case: await caseSummaryFor(deps, now, call) } };
}

/** Sends an action on a case as a command. @throws {Problem} why not */
export async function submitAction(
  deps: Deps,
  row: CaseRow,
  { input, call }: { input: CaseInput; call: Pick<Call, 'actor' | 'at' | 'idempotency' | 'headers'> },
): Promise<Submitted> {
  const { actor, at, idempotency, headers } = call;
  // What depends on how things stand must not be asked again of a command that has been carried out.
  const needsSettled = input.action === 'approve' && isReconciliationCase(row);
  const isByItem = refusedIn(input).length > 0;
  const isListing = isByItem || input.action === 'askSupplement';
  const isConditional =
    isFormInput(input) || 'to' in input || input.onBehalf !== undefined || needsSettled || isListing;
  const isAsked = isConditional || headers['if-match'] !== undefined;
  const before = isAsked ? await deps.commands.earlier(idempotency) : undefined;
  if (before) return before;
  const by = await carriedBy(deps.db, row, { actor, at, onBehalf: input.onBehalf });
  const as = judged(actor, by.onBehalf);
  if (!mayAct(deps.policies, as, { action: input.action, state: row.state })) throw new Problem('NotAllowed');
  checkMatch(headers['if-match'], row);
  if (isFormInput(input)) return changeForm(deps, row, { actor, at, idempotency, input, by });
  if (input.action === 'copy') checkTold(deps, row, input.to);
  if (needsSettled) await requireSettled(deps.db, row);
  if (isListing) checkListed(row, input);
  const action = await actionOf(deps, input);
  const target = { kind: 'case', id: row.id, process: row.kind } as const;
  return deps.commands.submit({ idempotency, actor, at, action, ...by, target });
}

/** A case is told of to those whom it concerns, and to the authority. What goes elsewhere would show it to strangers. */
function checkTold({ policies }: Deps, { state }: CaseRow, to: readonly Capacity[]): void {
  const parties = partiesOf(state);
  const isAuthoritys = (department: string): boolean =>
    policies.may({ person: '', department, roles: ['authority'] }, 'supervise', 'case', department);
  const faults = to.flatMap(({ department }, at) =>
    parties.includes(department) || isAuthoritys(department)
      ? []
      : [{ pointer: `/to/${at}/department`, code: 'DepartmentNotAParty', params: { department } }],
  );
  if (faults.length > 0) throw new Problem('Invalid', { faults });
}

/** What an approval leaves out, or a notice lists: every fault of it at once, where the kernel would name the first. */
function checkListed({ state }: CaseRow, input: CaseInput): void {
  const held = 'taskId' in input ? seatOfTask(state, input.taskId) : undefined;
  if (!held || 'refusal' in held) return;
  const faults =
    input.action === 'askSupplement'
      ? missingFaults(state, input.missing)
      : itemFaults(state, held.node, refusedIn(input));
  if (faults.length > 0) throw new Problem('Invalid', { faults: [...faults] });
}

function refusedIn(input: CaseInput): readonly RefusedItem[] {
  return 'refused' in input ? (input.refused ?? []).map((one) => withoutUndefined(one) as RefusedItem) : [];
}

function isFormInput(input: CaseInput): input is FormInput {
  return input.action === 'supplement' || input.action === 'resubmit' || input.action === 'refile';
}

/** The action as the kernel takes it: people by what they may do, rather than by their accounts. */
async function actionOf({ db }: Deps, input: Exclude<CaseInput, FormInput>): Promise<PersonAction> {
  const { onBehalf: _, ...action } = input;
  if (action.action === 'reassign' || action.action === 'delegate' || action.action === 'addSeat') {
    return withoutUndefined({ ...action, to: await personNamed(db, action.to) }) as PersonAction;
  }
  if ('refused' in action) return withoutUndefined({ ...action, refused: refusedIn(input) }) as PersonAction;
  return withoutUndefined(action) as PersonAction;
}

/** The entity tag of a case is its sequence number: it moves with every event. */
export function tagOf({ seq }: Pick<CaseRow, 'seq'>): string {
  return `"${seq}"`;
}

function checkMatch(given: string | undefined, row: CaseRow): void {
  if (given === undefined || given === '*') return;
  if (!given.split(',').some((tag) => tag.trim() === tagOf(row))) throw new Problem('PreconditionFailed');
}
