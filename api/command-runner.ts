import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Command, FileAction, PersonAction } from '../domain/case.ts';
import type { GrantPersonAction } from '../domain/kernel/grant.ts';
import type { Actor } from '../domain/language.ts';
import { findCase, processOf, recordedCase } from '../store/cases.ts';
import {
  findCommand,
  insertCommand,
  type NewCommand,
  recordedOutcome,
  settleCommand,
  type StoredCommand,
  type StoredOutcome,
} from '../store/commands.ts';
import { findGrant } from '../store/grants.ts';
import { dropUnusedForm } from '../store/forms.ts';
import { isDatabaseDown } from '../store/outage.ts';
import { caseWorkflowId, grantWorkflowId } from '../workflows/messages.ts';
import type { ApiMetrics } from '../metrics/api.ts';
import type { Idempotency } from './endpoint.ts';
import type { Engine, Sent } from './engine.ts';
import { gate } from './gate.ts';
import { outcomeOf, problemOf, settledOf } from './outcomes.ts';
import { Problem } from './problem.ts';

type Action = FileAction | PersonAction | GrantPersonAction;

export interface Submission {
  readonly idempotency: Idempotency;
  readonly actor: Actor;
  readonly at: string;
  /** `process`: of a case that is recorded. */
  readonly target: { readonly kind: 'case' | 'grant'; readonly id: string; readonly process?: string };
  readonly action: Action;
  readonly onBehalf?: Command['onBehalf'];
  readonly staff?: Command['staff'];
  /** What must be stored together with the command, or not at all. */
  readonly alongside?: (transaction: Knex.Transaction) => Promise<void>;
}

/** `done`: carried out and recorded. `pending`: kept, and carried out as soon as can be. A refusal is thrown. */
export type Submitted = { readonly id: string; readonly targetId: string } & (
  | { readonly status: 'done'; readonly outcome: StoredOutcome }
  | { readonly status: 'pending' }
);

export interface CommandRunner {
  /** What became of the command with this key, if there is one. @throws {Problem} IdempotencyKeyReused, or its refusal */
  earlier(idempotency: Idempotency): Promise<Submitted | undefined>;
  /** Keeps a command and sends it. @throws {Problem} the refusal, CaseBusy, IdempotencyKeyReused */
  submit(submission: Submission): Promise<Submitted>;
  /** Sends a kept command again and writes down what is known then; false while that is nothing. */
  resend(command: StoredCommand): Promise<boolean>;
}

/** More than eleven updates in flight make the Temporal server stall all of them. */
const IN_FLIGHT = 8;
const RECORDED_MS = 5_000;

export interface RunnerDeps {
  readonly db: Knex;
  readonly engine: Engine;
  readonly logger: Logger;
  readonly metrics?: Pick<ApiMetrics, 'commands' | 'commandSeconds'>;
}

export function commandRunner({ db, engine, logger, metrics }: RunnerDeps): CommandRunner {
  const enter = gate(IN_FLIGHT);

  /** False when the key is taken. What must be stored with the command is stored with it or not at all. */
  async function keep(stored: NewCommand, alongside: Submission['alongside']): Promise<boolean> {
    if (!alongside) return insertCommand(db, stored);
    return db.transaction(async (transaction) => {
      const isNew = await insertCommand(transaction, stored);
      if (isNew) await alongside(transaction);
      return isNew;
    });
  }

  /** Sends a kept command and settles what is known. Whatever fails here leaves it pending: it is kept. */
  async function carryOut(stored: NewCommand, process?: string): Promise<Submitted> {
    const { id, targetId, targetKind } = stored;
    const start = performance.now();
    const sent = await known(stored, await send(stored, process));
    metrics?.commands.add({ target: targetKind, outcome: sent.kind });
    metrics?.commandSeconds.seconds({ target: targetKind }, (performance.now() - start) / 1_000);
    switch (sent.kind) {
      case 'done':
        await settleCommand(db, id, { status: 'done', outcome: sent.outcome });
        return { id, targetId, status: 'done', outcome: sent.outcome };
      case 'unknown':
        logger.warn({ command: id, err: sent.cause }, 'the outcome of a command is not yet known');
        return { id, targetId, status: 'pending' };
      case 'refused':
      case 'ended':
      case 'absent':
      case 'broken':
        return refused(stored, sent);
    }
  }

  /** What is kept is carried out once the database is back: that it went away meanwhile says nothing of the outcome. */
  async function carryOutOrLater(stored: NewCommand, process?: string): Promise<Submitted> {
    try {
      return await carryOut(stored, process);
    } catch (err) {
      if (!isDatabaseDown(err)) throw err;
      logger.warn({ command: stored.id, err }, 'the outcome of a command is not yet known');
      return { id: stored.id, targetId: stored.targetId, status: 'pending' };
    }
  }

  /** A workflow that is not there may not have begun yet, or have ended so long ago that the server forgot it. */
  async function known({ targetKind, targetId }: NewCommand, sent: Sent): Promise<Sent> {
    if (sent.kind !== 'absent') return sent;
    const row = await (targetKind === 'grant' ? findGrant : findCase)(db, targetId, { all: true });
    if (!row) return sent;
    const isOver = 'endedAt' in row ? row.endedAt !== null : row.status === 'terminated' || row.status === 'expired';
    return isOver ? { kind: 'ended' } : { kind: 'unknown', cause: 'The workflow has not begun' };
  }

  async function refused(stored: NewCommand, sent: Exclude<Sent, { kind: 'done' | 'unknown' }>): Promise<Submitted> {
    const { id, targetId } = stored;
    // It may have been carried out when it was sent before, with nobody left to hear of it.
    const recorded = await recordedOutcome(db, targetId, id);
    if (recorded) {
      const outcome = { streamId: targetId, seq: recorded.seq, status: 'recorded' };
      await settleCommand(db, id, { status: 'done', outcome });
      return { id, targetId, status: 'done', outcome };
    }
    if (sent.kind === 'broken') logger.error({ command: id, err: sent.cause }, 'a command was refused by a fault');
    const outcome = outcomeOf(sent, stored.targetKind);
    const action = stored.command.do as Action;
    await db.transaction(async (transaction) => {
      await settleCommand(transaction, id, { status: 'refused', outcome });
      if (action.action !== 'file' && 'form' in action) await dropUnusedForm(transaction, action.form);
    });
    throw problemOf(outcome);
  }

  async function send({ targetKind, targetId, command }: NewCommand, process?: string): Promise<Sent> {
    const { action } = command.do;
    if (action === 'file') return start(targetId, command as Command<FileAction>);
    const workflowId =
      targetKind === 'grant'
        ? grantWorkflowId(targetId)
        : caseWorkflowId(process ?? (await processOf(db, targetId)), targetId);
    return engine.send(workflowId, command as Command<PersonAction | GrantPersonAction>);
  }

  /** A case is filed once it is recorded: only then does anybody see it. */
  async function start(caseId: string, command: Command<FileAction>): Promise<Sent> {
    const started = await engine.start(caseId, command);
    if (typeof started === 'object') return started;
    for (let waited = 0, step = 10; waited < RECORDED_MS; waited += step, step = Math.min(step * 2, 100)) {
      const outcome = await recordedCase(db, caseId);
      if (outcome) return { kind: 'done', outcome };
      if (started === 'closed') return { kind: 'broken', cause: 'The workflow ended and recorded nothing' };
      await new Promise((resolve) => setTimeout(resolve, step));
    }
    return { kind: 'unknown', cause: 'The case is not yet recorded' };
  }

  async function earlier({ id, bodyDigest }: Idempotency): Promise<Submitted | undefined> {
    const stored = await findCommand(db, id);
    if (!stored) return undefined;
    if (stored.bodyDigest !== bodyDigest) throw new Problem('IdempotencyKeyReused');
    return stored.status === 'pending' ? carryOut(stored) : settledOf(stored);
  }

  return {
    earlier,

    async submit(submission) {
      const { target, idempotency, actor, at, action, alongside, onBehalf, staff } = submission;
      const leave = enter(target.id);
      if (!leave) throw new Problem('CaseBusy', { retryAfter: 1 });
      try {
        const stored: NewCommand = {
          id: idempotency.id,
          personId: actor.person,
          targetKind: target.kind,
          targetId: target.id,
          bodyDigest: idempotency.bodyDigest,
          command: {
            id: idempotency.id,
            at,
            actor,
            do: action,
            ...(onBehalf ? { onBehalf } : {}),
            ...(staff ? { staff } : {}),
          },
        };
        if (await keep(stored, alongside)) return await carryOutOrLater(stored, target.process);
        const before = await earlier(idempotency);
        if (!before) throw new Error(`Command ${idempotency.id} is neither new nor stored`);
        return before;
      } finally {
        leave();
      }
    },

    async resend(stored) {
      try {
        const { status } = await carryOut(stored);
        return status === 'done';
      } catch (error) {
        if (error instanceof Problem) return true;
        throw error;
      }
    },
  };
}
