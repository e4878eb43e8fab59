import type { PersonAction } from '../../../domain/case.ts';
import type { CaseRow } from '../../../store/cases.ts';
import { caseSummaryFor, visibleCase } from '../../case-views.ts';
import type { Submitted } from '../../command-runner.ts';
import type { CallerCall, Reply } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { accepted } from '../../replies.ts';
import { supplementCase } from '../../supplementing.ts';
import type { RouteDeps } from '../deps.ts';
import { mayAct } from './present.ts';
import type { SupplementBody } from './schema.ts';

type Deps = Pick<RouteDeps, 'db' | 'policies' | 'commands' | 'departments'>;
type Call = CallerCall<unknown, unknown, unknown>;
export type CaseInput = Exclude<PersonAction, { action: 'supplement' }> | SupplementBody;

/** Carries out an action on a case that the caller has been shown, and tells what came of it. */
export async function actOnCase(
  deps: Deps,
  row: CaseRow,
  { input, call }: { input: CaseInput; call: Call },
): Promise<Reply> {
  const submitted = await submit(deps, row, { input, call });
  if (submitted.status === 'pending') return accepted(submitted);
  const now = await visibleCase(deps, row.id, call);
  const { id, status, outcome } = submitted;
  return { status: 200, body: { id, status, outcome, case: await caseSummaryFor(deps, now, call) } };
}

async function submit(deps: Deps, row: CaseRow, { input, call }: { input: CaseInput; call: Call }): Promise<Submitted> {
  const { actor, at, idempotency, headers } = call;
  // What depends on how the case stands must not be asked again of a command that has been carried out.
  const isConditional = input.action === 'supplement' || headers['if-match'] !== undefined;
  const before = isConditional ? await deps.commands.earlier(idempotency) : undefined;
  if (before) return before;
  if (!mayAct(deps.policies, actor, { action: input.action, state: row.state })) throw new Problem('NotAllowed');
  checkMatch(headers['if-match'], row);
  if (input.action === 'supplement') return supplementCase(deps, row, { ...call, body: input });
  return deps.commands.submit({ idempotency, actor, at, action: input, target: { kind: 'case', id: row.id } });
}

/** The entity tag of a case is its sequence number: it moves with every event. */
export function tagOf({ seq }: Pick<CaseRow, 'seq'>): string {
  return `"${seq}"`;
}

function checkMatch(given: string | undefined, row: CaseRow): void {
  if (given === undefined || given === '*') return;
  if (!given.split(',').some((tag) => tag.trim() === tagOf(row))) throw new Problem('PreconditionFailed');
}

/** Leaves out what zod says is undefined: an absent member is absent in histories too. */
export function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
