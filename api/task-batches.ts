import type { TaskInput } from './routes/cases/action-schema.ts';
import { findCaseOfTask } from '../store/cases.ts';
import { findCommand, insertCommand, settleCommand } from '../store/commands.ts';
import type { CallerCall } from './endpoint.ts';
import { messageOf } from './fault-messages.ts';
import { type Locale, Problem, titleOf, typeOf, type ProblemCode, statusOf } from './problem.ts';
import { viewerOf } from './reach.ts';
import { submitAction } from './routes/cases/actions.ts';
import type { RouteDeps } from './routes/deps.ts';

type Deps = Pick<
  RouteDeps,
  'db' | 'policies' | 'commands' | 'departments' | 'logger' | 'processes' | 'mounts' | 'outside'
>;

interface Chosen {
  readonly taskId: string;
  readonly seen: string;
  readonly onBehalf?: string | undefined;
}

/** One decision on many tasks: what it says of all of them, without what each has of its own. */
export interface Batch {
  readonly tasks: readonly Chosen[];
  readonly decision:
    | { readonly action: 'approve'; readonly opinion?: string | undefined }
    | { readonly action: 'reject'; readonly reason: Extract<TaskInput, { action: 'reject' }>['reason'] };
}

/** What became of one of the tasks. `code` and `faults` say why it was refused; words are found when it is told. */
export interface BatchItem {
  readonly taskId: string;
  readonly status: 'done' | 'refused' | 'pending';
  readonly command: string;
  readonly case: { readonly id: string; readonly status: string; readonly seq: number } | null;
  readonly code?: ProblemCode;
  readonly faults?: Problem['faults'];
}

const AT_ONCE = 4;

/**
 * Carries one decision out on each of many tasks, each for itself: what one refuses holds up no other. Each has a key made
 * from that of the whole, so that whoever repeats it is told the same of all.
 * @throws {Problem} IdempotencyKeyReused
 */
export async function decideMany(
  deps: Deps,
  batch: Batch,
  call: CallerCall<unknown, unknown, unknown>,
): Promise<readonly BatchItem[]> {
  const { db } = deps;
  const { actor, at, idempotency } = call;
  const { id, bodyDigest } = idempotency;
  const command = { id, at, actor, do: { action: `${batch.decision.action}Many` } };
  const kept = { id, bodyDigest, personId: actor.person, targetKind: 'task-batch' as const, targetId: id, command };
  if (!(await insertCommand(db, kept))) {
    const before = await findCommand(db, id);
    if (before?.bodyDigest !== bodyDigest) throw new Problem('IdempotencyKeyReused');
    if (before.outcome && 'results' in before.outcome) return before.outcome.results as readonly BatchItem[];
  }
  const items: BatchItem[] = [];
  const queue = batch.tasks.map((chosen, at) => ({ chosen, at }));
  const carriers = Array.from({ length: AT_ONCE }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      items[next.at] = await decideOne(deps, { ...next, decision: batch.decision }, call);
    }
  });
  await Promise.all(carriers);
  // While one is pending the whole is as well: whoever asks again is told what has become of it.
  if (items.every(({ status }) => status !== 'pending')) {
    await settleCommand(db, id, { status: 'done', outcome: { results: items } });
  }
  return items;
}

async function decideOne(
  deps: Deps,
  { chosen, at, decision }: { readonly chosen: Chosen; readonly at: number } & Pick<Batch, 'decision'>,
  call: CallerCall<unknown, unknown, unknown>,
): Promise<BatchItem> {
  const { db, policies, logger } = deps;
  const { taskId } = chosen;
  const { id, bodyDigest } = call.idempotency;
  const idempotency = { id: `${id}~${at + 1}`, bodyDigest };
  const known = { taskId, command: idempotency.id };
  try {
    const row = await findCaseOfTask(db, taskId, viewerOf(policies, call.actor, 'task'));
    if (!row) throw new Problem('NotFound');
    const input = { ...decision, ...chosen } as TaskInput;
    const { actor, at: receivedAt } = call;
    // No If-Match: it would be that of one case, and there are many.
    const submitted = await submitAction(deps, row, {
      input,
      call: { actor, at: receivedAt, idempotency, headers: {} },
    });
    const isKnown = submitted.status === 'done' && 'status' in submitted.outcome;
    const { status, seq } = isKnown ? submitted.outcome : row;
    return { ...known, status: submitted.status, case: { id: row.id, status, seq } };
  } catch (error) {
    if (error instanceof Problem && error.code !== 'CaseBusy') {
      const { code, faults } = error;
      return { ...known, status: 'refused', case: null, code, ...(faults.length > 0 ? { faults } : {}) };
    }
    // Nobody may say that it was not carried out: it may be asked again.
    logger.warn({ err: error, command: idempotency.id }, 'a decision of a batch could not be sent');
    return { ...known, status: 'pending', case: null };
  }
}

export function presentBatch(id: string, items: readonly BatchItem[], locale: Locale) {
  const count = (status: BatchItem['status']) => items.filter((item) => item.status === status).length;
  return {
    id,
    counts: { done: count('done'), refused: count('refused'), pending: count('pending') },
    items: items.map(({ code, faults = [], ...item }) => ({
      ...item,
      problem: code === undefined ? null : problemOf(code, faults, locale),
    })),
  };
}

function problemOf(code: ProblemCode, faults: Problem['faults'], locale: Locale) {
  const errors = faults.map((fault) => ({
    pointer: fault.pointer,
    code: fault.code,
    message: messageOf(fault, locale),
  }));
  return {
    type: typeOf(code),
    title: titleOf(code, locale),
    status: statusOf(code),
    code,
    ...(errors.length > 0 ? { errors } : {}),
  };
}
