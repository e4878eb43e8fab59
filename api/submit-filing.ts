import type { Knex } from 'knex';
import type { Command, FileAction } from '../domain/case.ts';
import { caseMachine } from '../domain/kernel/case-machine.ts';
import { insertForm } from '../store/forms.ts';
import type { Submitted } from './command-runner.ts';
import type { CallerCall } from './endpoint.ts';
import { Problem } from './problem.ts';
import type { RouteDeps } from './routes/deps.ts';
import { staffFor } from './staff.ts';

interface Filing {
  readonly action: FileAction;
  /** What is kept of the form that the action refers to. */
  readonly content: unknown;
  /** The departments whose staff the route may need. */
  readonly parties: readonly string[];
  /** What else is kept together with it. */
  also?(trx: Knex.Transaction): Promise<void>;
}

/** Begins a case: its form and the command that files it are kept together, or not at all. @throws {Problem} why not */
export async function submitFiling(
  { db, commands }: Pick<RouteDeps, 'db' | 'commands'>,
  { actor, at, idempotency }: Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'at' | 'idempotency'>,
  { action, content, parties, also }: Filing,
): Promise<Submitted> {
  const { caseId, form, route } = action;
  const staff = await staffFor(db, route, parties);
  refuseBeforehand({ id: idempotency.id, at, actor, do: action, ...staff });
  return commands.submit({
    idempotency,
    actor,
    at,
    action,
    ...staff,
    target: { kind: 'case', id: caseId },
    async alongside(transaction) {
      await insertForm(transaction, { ...form, caseId, body: content, createdBy: actor.person });
      await also?.(transaction);
    },
  });
}

/** A workflow whose first command is refused would have to be ended again, so the kernel is asked before there is one. */
function refuseBeforehand(command: Command<FileAction>): void {
  const decision = caseMachine.decide(undefined, command);
  if ('refusal' in decision) throw new Problem(decision.refusal.code);
}
