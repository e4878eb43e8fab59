import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { type CaseEvent, type CaseState, type Command, partiesOf, type PersonAction } from '../domain/case.ts';
import { sha256Hex } from '../domain/digest.ts';
import { caseMachine } from '../domain/kernel/case-machine.ts';
import { migrationPreview } from '../domain/kernel/decide-system.ts';
import { replayEvents } from '../domain/machine.ts';
import type { Route } from '../domain/route.ts';
import { type CaseRow, findCase } from '../store/cases.ts';
import { caseEvents, caseEventsBefore } from '../store/events.ts';
import {
  endMigration,
  type MigratingCase,
  type MoveDetail,
  type MoveOutcome,
  openMigrations,
  type RouteMigration,
  settleMigratingCase,
  takeMigration,
  waitingCases,
} from '../store/route-migrations.ts';
import { findRoute } from '../store/routes.ts';
import type { CommandRunner } from './command-runner.ts';
import { Problem } from './problem.ts';
import { staffFor } from './staff.ts';
import { timeOf } from './time.ts';

export interface MigratorDeps {
  readonly db: Knex;
  readonly commands: Pick<CommandRunner, 'submit'>;
  readonly logger: Logger;
}

/** Carries migrations out, case by case. Whoever goes on with one after a crash repeats nothing: each case has its own key. */
export interface Migrator {
  /** Goes through the cases of which nothing is known yet. False when another process is at it, or some are still open. */
  advance(migration: RouteMigration): Promise<boolean>;
  /** Goes on with every migration that is not done. */
  round(): Promise<void>;
  /** Begins no more cases, and waits for those under way; the rest is left to others. */
  halt(): Promise<void>;
}

const AT_ONCE = 4;
const A_PAGE = 100;

type Settled = { readonly outcome: MoveOutcome; readonly detail: MoveDetail };

export function migrator({ db, commands, logger }: MigratorDeps): Migrator {
  const active = new Set<Promise<boolean>>();
  let halted = false;

  async function advance(migration: RouteMigration): Promise<boolean> {
    const work = goOn(migration);
    active.add(work);
    try {
      return await work;
    } finally {
      active.delete(work);
    }
  }

  async function goOn(migration: RouteMigration): Promise<boolean> {
    // The transaction only holds the place: it ends by itself with the process.
    return db.transaction(async (place) => {
      if (!(await takeMigration(place, migration.id))) return false;
      const version = await findRoute(db, migration.routeId, migration.to);
      if (!version) throw new Error(`Route ${migration.routeId} has no version ${migration.to}`);
      await goThrough(migration, version.route);
      return endMigration(db, migration.id);
    });
  }

  async function goThrough(migration: RouteMigration, route: Route): Promise<void> {
    for (let after = 0; !halted;) {
      const cases = await waitingCases(db, migration.id, { after, limit: A_PAGE });
      const last = cases.at(-1);
      if (!last) return;
      const queue = [...cases];
      const carriers = Array.from({ length: AT_ONCE }, async () => {
        for (let one = queue.shift(); one && !halted; one = queue.shift()) await settle(migration, route, one);
      });
      await Promise.all(carriers);
      after = last.position;
    }
  }

  /** A case that could not be looked at stays waiting, and holds up no other. */
  async function settle(migration: RouteMigration, route: Route, one: MigratingCase): Promise<void> {
    try {
      const settled = await outcomeOf(migration, route, one);
      if (settled) await settleMigratingCase(db, migration.id, { position: one.position, ...settled });
    } catch (err) {
      logger.warn({ err, migration: migration.id, case: one.caseId }, 'a case could not be moved yet');
    }
  }

  async function outcomeOf(
    migration: RouteMigration,
    route: Route,
    { caseId }: MigratingCase,
  ): Promise<Settled | undefined> {
    const row = await findCase(db, caseId, { all: true });
    if (!row) return { outcome: 'refused', detail: { code: 'NotFound' } };
    const command = await commandFor(migration, route, row);
    return migration.isDryRun ? preview(row, command, route) : move(migration, row, command);
  }

  async function commandFor(migration: RouteMigration, route: Route, { id, state }: CaseRow) {
    const staff = await staffFor(db, route, partiesOf(state));
    return {
      id: commandIdOf(migration, id),
      at: timeOf(migration.receivedAt),
      actor: migration.actor,
      do: { action: 'migrate', route },
      ...staff,
    } satisfies Command<PersonAction>;
  }

  /** The state that the case is judged by is that of its recorded events, not that of the rows made from them. */
  async function preview(row: CaseRow, command: Command, route: Route): Promise<Settled> {
    const known = { number: row.number };
    const state = replayEvents(caseMachine, await caseEvents(db, row.id));
    const from = state.route.version;
    if (isThere(state, route)) return { outcome: 'unchanged', detail: { ...known, from } };
    if (state.endedAt !== undefined) return { outcome: 'refused', detail: { ...known, from, code: 'CaseEnded' } };
    const seen = migrationPreview(state, command, route);
    return 'refusal' in seen
      ? { outcome: 'refused', detail: { ...known, from, code: seen.refusal } }
      : { outcome: 'would-move', detail: { ...known, from, ...seen } };
  }

  async function move(
    { routeId, to }: RouteMigration,
    row: CaseRow,
    { id, at, actor, do: action, staff }: Awaited<ReturnType<typeof commandFor>>,
  ): Promise<Settled | undefined> {
    const known = { number: row.number, from: row.state.route.version };
    // Unless it is this very command that moved it there, before somebody died who would have written it down.
    const isMoved = (await caseEvents(db, row.id, id)).length > 0;
    if (!isMoved && isThere(row.state, { id: routeId, version: to })) return { outcome: 'unchanged', detail: known };
    try {
      const { status } = await commands.submit({
        idempotency: { id, bodyDigest: sha256Hex(`migrate ${row.id} ${routeId} ${to}`) },
        actor,
        at,
        action,
        ...(staff ? { staff } : {}),
        target: { kind: 'case', id: row.id, process: row.kind },
      });
      // What is kept and not yet carried out is asked for again in the next round.
      if (status === 'pending') return undefined;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // Too many other commands are under way: it has not been tried.
      if (error.code === 'CaseBusy') return undefined;
      return { outcome: 'refused', detail: { ...known, code: error.code } };
    }
    return { outcome: 'moved', detail: await moved(row, id) };
  }

  async function moved({ id: caseId, number }: CaseRow, commandId: string): Promise<MoveDetail> {
    const [events, earlier] = await Promise.all([
      caseEvents(db, caseId, commandId),
      caseEventsBefore(db, caseId, commandId),
    ]);
    const before = replayEvents(caseMachine, earlier);
    const wasSigned = (stage: string): boolean => before.stages[stage]?.seats.some(({ answer }) => answer) ?? false;
    const stages = (type: CaseEvent['type']): string[] =>
      events.flatMap((event) => (event.type === type && 'stage' in event && event.stage ? [event.stage] : []));
    const lapsed = stages('signatureLapsed').filter(wasSigned);
    return { number, from: before.route.version, lapsed, dropped: stages('stageDropped') };
  }

  return {
    advance,
    async halt() {
      halted = true;
      await Promise.allSettled(active);
    },
    async round() {
      for (const migration of await openMigrations(db)) {
        if (halted) return;
        try {
          await advance(migration);
        } catch (err) {
          logger.warn({ err, migration: migration.id }, 'a migration could not go on');
        }
      }
    },
  };
}

function isThere({ route }: Pick<CaseState, 'route'>, { id, version }: Pick<Route, 'id' | 'version'>): boolean {
  return route.id === id && route.version === version;
}

/** The key of a case's own command, made from that of the whole. */
export function commandIdOf({ commandId }: Pick<RouteMigration, 'commandId'>, caseId: string): string {
  return `${commandId}~${caseId}`;
}
