import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { calendarsToRollOut, noteRolledOut } from '../store/calendars.ts';
import { pendingCommands, type StoredCommand, takeCourierPlace } from '../store/commands.ts';
import type { CommandRunner } from './command-runner.ts';
import type { Engine } from './engine.ts';

/** What was answered 202, and what a process that died had kept, is sent again until its outcome is known. */
export interface Courier {
  /** One round: false when another process is at it. For tests; the rounds of `start` run by themselves. */
  round(): Promise<boolean>;
  /** Ends after the round under way. */
  stop(): Promise<void>;
}

export interface CourierDeps {
  readonly db: Knex;
  readonly commands: Pick<CommandRunner, 'resend'>;
  readonly engine: Pick<Engine, 'rollOut'>;
  readonly logger: Logger;
  /** Milliseconds between two rounds. */
  readonly everyMs?: number;
  /** Seconds that a command is left to the request that brought it. */
  readonly patience?: number;
}

const AT_ONCE = 8;
const A_ROUND = 200;

export function startCourier({ db, commands, engine, logger, everyMs = 2_000, patience = 8 }: CourierDeps): Courier {
  let stopped = false;
  let wake = (): void => undefined;

  async function round(): Promise<boolean> {
    // The transaction only holds the place: it ends by itself with the process.
    return db.transaction(async (place) => {
      if (!(await takeCourierPlace(place))) return false;
      const pending = await pendingCommands(db, { olderThan: patience, limit: A_ROUND });
      await sendAll(pending);
      await rollOutCalendars();
      return true;
    });
  }

  /** A new version of the calendar goes to every running case; the workflow that takes it there begins once. */
  async function rollOutCalendars(): Promise<void> {
    for (const version of await calendarsToRollOut(db)) {
      try {
        await engine.rollOut(version);
        await noteRolledOut(db, version);
      } catch (err) {
        logger.warn({ err, version }, 'a calendar could not be rolled out yet');
      }
    }
  }

  /** Commands to one case go in the order in which they came, none before the one ahead of it; cases do not wait for each other. */
  async function sendAll(pending: readonly StoredCommand[]): Promise<void> {
    const queues = groupedByTarget(pending);
    const carriers = Array.from({ length: AT_ONCE }, async () => {
      for (let queue = queues.shift(); queue && !stopped; queue = queues.shift()) {
        for (const command of queue) if (stopped || !(await send(command))) break;
      }
    });
    await Promise.all(carriers);
  }

  async function send(command: StoredCommand): Promise<boolean> {
    try {
      return await commands.resend(command);
    } catch (err) {
      logger.warn({ err, command: command.id }, 'a command could not be sent again');
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await round();
      } catch (err) {
        logger.warn({ err }, 'the courier could not go its round');
      }
      if (!stopped) await new Promise<void>((resolve) => pauseUntil(resolve));
    }
  }

  function pauseUntil(resolve: () => void): void {
    const timer = setTimeout(resolve, everyMs);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  }

  const running = run();
  return {
    round,
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}

function groupedByTarget(pending: readonly StoredCommand[]): StoredCommand[][] {
  const groups = new Map<string, StoredCommand[]>();
  for (const command of pending) groups.set(command.targetId, [...(groups.get(command.targetId) ?? []), command]);
  return [...groups.values()];
}
