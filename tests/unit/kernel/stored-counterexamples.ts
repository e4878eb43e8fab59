import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../config.ts';
import { addDays } from '../../../domain/civil-date.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { faultsOfRoute } from '../../../domain/route-check.ts';
import type { Route } from '../../../domain/route.ts';
import type { CaseMachine } from '../../support/play.ts';
import type { Fault } from './faulty.ts';
import { isOffered, watch } from './watched-case.ts';
import { spoken, type WrittenCommand } from './written-commands.ts';

/** A case as it is stored: how it begins, and what is done then. */
export interface StoredCase {
  /** The day on which it is filed. */
  readonly day: string;
  /** Which subjects its form names, if any; see `firstForm`. */
  readonly subjects?: readonly number[];
  readonly route: Route;
  readonly commands: readonly WrittenCommand[];
}

/** The least case that was found on which a machine shows its fault. */
export interface Counterexample extends StoredCase {
  /** The name of the fault. */
  readonly fault: string;
  /** The invariant that the machine breaks. */
  readonly breaks: string;
}

const PATH = join(projectRoot, 'tests/unit/kernel/stored-counterexamples.json');

export function readCounterexamples(): readonly Counterexample[] {
  return existsSync(PATH) ? (JSON.parse(readFileSync(PATH, 'utf8')) as Counterexample[]) : [];
}

export function writeCounterexamples(all: readonly Counterexample[]): void {
  writeFileSync(PATH, JSON.stringify(all));
}

/** Plays a case on a machine, and on to its end if so asked. The invariant that breaks; undefined if all hold. */
export function brokenBy(
  machine: CaseMachine,
  { day, subjects, route, commands }: StoredCase,
  { toItsEnd = false } = {},
): string | undefined {
  try {
    const one = watch(machine, { day, route, asked: { subjects } });
    for (const said of commands) {
      const command = spoken(one.state, said);
      one.hear(command, said.isSure === true && isOffered(one.state, command));
    }
    const last = commands.reduce((latest, { at }) => (at > latest ? at : latest), day).slice(0, 10);
    if (toItsEnd) one.finish(addDays(last, 1));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * What keeps a case from being a least counterexample: that the faulty machine breaks another invariant or none, that the
 * right one breaks any before the case is over, or that the faulty one does so even without some command.
 */
export function objections({ broken, breaks }: Fault, one: Counterexample): string[] {
  const { commands } = one;
  const broke = brokenBy(broken, one);
  const right = brokenBy(caseMachine, one, { toItsEnd: true });
  const routes = [
    one.route,
    ...commands.flatMap(({ do: action }) => (action.action === 'migrate' ? action.route : [])),
  ];
  const needless = commands.filter(
    (_, index) => brokenBy(broken, { ...one, commands: commands.toSpliced(index, 1) }) !== undefined,
  );
  return [
    ...(broke === one.breaks && breaks.test(broke) ? [] : [`the faulty machine breaks: ${broke}`]),
    ...(right === undefined ? [] : [`the right machine breaks: ${right}`]),
    ...routes.flatMap((route) => faultsOfRoute(route)).map(({ code }) => `a route is unsound: ${code}`),
    ...needless.map(({ id }) => `it breaks without ${id}`),
  ];
}
