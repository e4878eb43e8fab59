import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { isAboutSource } from '../domain/data-source.ts';
import { driftsOf } from '../domain/drift.ts';
import { SourceFailure } from '../sources/failure.ts';
import type { Look, Looker } from '../sources/looker.ts';
import { noteLook, openableSource, type OpenedSource } from '../store/data-sources.ts';
import {
  entriesOn,
  idleTasks,
  noteDrifts,
  releaseSource,
  settleUnmounted,
  takeDueSource,
  untoldDrifts,
  WATCH_HOURS,
  type WatchedEntry,
} from '../store/drift-watch.ts';
import { readSettings } from '../store/settings.ts';
import type { CommandRunner } from './command-runner.ts';
import { closeDriftTask, openDriftTask } from './drift-tasks.ts';

export interface DriftWatch {
  /** Looks at every source that is due, one after another, and opens and closes the tasks that follow. */
  round(): Promise<void>;
  /** Takes no further source, and waits for the one under way. */
  halt(): Promise<void>;
}

export interface DriftWatchDeps {
  readonly db: Knex;
  readonly looker: Looker;
  readonly commands: CommandRunner;
  readonly logger: Logger;
  readonly outside: { readonly secretKey: Uint8Array };
}

/** Mounts that are looked at through one connection; tasks that a round opens or closes at most. */
const AT_ONCE = 200;
const TASKS_A_ROUND = 100;

/**
 * Watches over what entries are mounted on. Any number of processes may: a source is taken by one of them at a time, so
 * that a department's system has one connection of the watch at most.
 */
export function driftWatch(deps: DriftWatchDeps): DriftWatch {
  const { db, looker, logger, outside } = deps;
  let halted = false;
  let running: Promise<void> | undefined;

  async function all(): Promise<void> {
    await settleUnmounted(db);
    const { 'catalogue.watch-hours': set } = await readSettings(db, 'catalogue');
    const hours = typeof set === 'number' && set > 0 ? Math.ceil(set) : WATCH_HOURS;
    while (!halted) {
      const due = await takeDueSource(db);
      if (!due) break;
      try {
        const source = await openableSource(db, due, outside.secretKey);
        if (source) await watch(source);
      } catch (err) {
        // One that cannot even be opened holds up no other.
        logger.warn({ err, source: due.id }, 'a source could not be looked at');
      } finally {
        await releaseSource(db, due.id, hours);
      }
    }
    await tasks();
  }

  async function watch(source: OpenedSource): Promise<void> {
    let after = '';
    for (;;) {
      const watched = await entriesOn(db, { sourceId: source.id, after, limit: AT_ONCE });
      if (watched.length === 0) return noteLook(db, source, undefined);
      after = watched.at(-1)?.entry.id ?? '';
      const looks = await looksAt(source, watched);
      // Not to be reached is no drift: it shows in the health of the source.
      if (typeof looks === 'string') return noteLook(db, source, looks);
      for (const [index, one] of watched.entries()) await note(one, looks[index]);
    }
  }

  async function looksAt(source: OpenedSource, watched: readonly WatchedEntry[]) {
    try {
      const mounts = watched.flatMap(({ entry }) => entry.mount ?? []);
      const looks = await looker.look(source, mounts);
      const away = looks.find((one) => one.outcome === 'failed' && isAboutSource(one.reason));
      return away?.outcome === 'failed' ? away.reason : looks;
    } catch (error) {
      if (error instanceof SourceFailure) return error.reason;
      throw error;
    }
  }

  /** A file that cannot be read, or an answer that says nothing, is neither as it was nor gone: nothing is said of it. */
  async function note(watched: WatchedEntry, look: Look | undefined): Promise<void> {
    if (!look || look.outcome === 'failed') return;
    const now = look.outcome === 'found' ? look.physical : undefined;
    await noteDrifts(db, watched, { now, drifts: driftsOf(watched.entry, watched.before ?? undefined, now) });
  }

  async function tasks(): Promise<void> {
    for (const untold of await untoldDrifts(db, TASKS_A_ROUND)) {
      await openDriftTask(deps, untold).catch((err: unknown) =>
        logger.warn({ err, entry: untold.entryId }, 'the task for a drift could not be opened'),
      );
    }
    for (const caseId of await idleTasks(db, TASKS_A_ROUND)) {
      await closeDriftTask(deps, caseId).catch((err: unknown) =>
        logger.warn({ err, case: caseId }, 'the task for a drift could not be closed'),
      );
    }
  }

  return {
    round() {
      running ??= all().finally(() => (running = undefined));
      return running;
    },
    async halt() {
      halted = true;
      await running?.catch(() => undefined);
    },
  };
}
