import { route as routeSchema } from '../../../api/routes/routes/route-schema.ts';
import { faultsOfRoute } from '../../../domain/route-check.ts';
import type { Route } from '../../../domain/route.ts';
import type { StoredCase } from './stored-counterexamples.ts';
import { noon } from './watched-case.ts';
import type { WrittenCommand } from './written-commands.ts';

/** The first of ever smaller cases of which no smaller one is wanted any more. */
export function shrunk(start: StoredCase, isWanted: (one: StoredCase) => boolean): StoredCase {
  let least = start;
  for (;;) {
    const next = firstOf(smaller(least), isWanted);
    if (!next) return least;
    least = next;
  }
}

function firstOf<T>(all: Iterable<T>, isWanted: (one: T) => boolean): T | undefined {
  for (const one of all) if (isWanted(one)) return one;
  return undefined;
}

/** What is less than a case: first whole runs of its commands, as nothing else tells so much, and ever shorter ones. */
function* smaller(one: StoredCase): Generator<StoredCase> {
  const { commands, subjects, route, ...rest } = one;
  for (let size = Math.ceil(commands.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = commands.length; end > 0; end -= size)
      yield { ...one, commands: commands.toSpliced(Math.max(0, end - size), Math.min(size, end)) };
  }
  if (subjects) yield { ...rest, route, commands };
  for (const fewer of withoutOne(subjects ?? [])) if (fewer.length > 0) yield { ...one, subjects: fewer };
  for (const less of smallerRoutes(route)) yield { ...one, route: less };
  for (const [index, command] of commands.entries()) {
    if (command.do.action === 'migrate')
      yield { ...one, route: command.do.route, commands: commands.toSpliced(index, 1) };
    const before = commands[index - 1]?.at ?? noon(one.day);
    for (const less of smallerCommands(command, before)) yield { ...one, commands: commands.with(index, less) };
  }
  const named = commands.map((command) => ({
    ...command,
    id: `c${commands.findIndex(({ id }) => id === command.id) + 1}`,
  }));
  if (named.some(({ id }, index) => id !== commands[index]?.id)) yield { ...one, commands: named };
}

function* withoutOne<T>(all: readonly T[]): Generator<T[]> {
  for (const index of all.keys()) yield all.toSpliced(index, 1);
}

/** Routes that may still be published, with something less, written in the order of the schema. */
function* smallerRoutes(route: Route): Generator<Route> {
  for (const less of smallerValues(route)) {
    const { data } = routeSchema.safeParse(less);
    if (data && faultsOfRoute(data).length === 0) yield data;
  }
}

/** A JSON value without one of its parts, with one of its parts in its place, or with a plainer rule. */
function* smallerValues(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  yield* Object.values(value)
    .flat()
    .filter((one) => typeof one === 'object');
  if (Array.isArray(value)) {
    yield* withoutOne(value);
    for (const [index, one] of value.entries()) for (const less of smallerValues(one)) yield value.with(index, less);
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    if (key === 'rule' && one !== 'any') yield { ...value, rule: 'any' };
    for (const less of smallerValues(one)) yield { ...value, [key]: less };
  }
}

function* smallerCommands(command: WrittenCommand, before: string): Generator<WrittenCommand> {
  const { isSure, onBehalf, do: action, ...rest } = command;
  if (isSure) yield { ...rest, do: action, ...(onBehalf ? { onBehalf } : {}) };
  if (onBehalf) yield { ...rest, do: action, ...(isSure ? { isSure } : {}) };
  if (command.at > before) yield { ...command, at: before };
  for (const roles of withoutOne(rest.actor.roles)) yield { ...command, actor: { ...rest.actor, roles } };
  switch (action.action) {
    case 'askSupplement':
      for (const missing of withoutOne(action.missing)) yield { ...command, do: { ...action, missing } };
      break;
    case 'supplement':
    case 'resubmit':
    case 'refile': {
      const { form } = action;
      const { changed, pick } = form;
      if (form.version !== undefined) yield { ...command, do: { ...action, form: { changed, pick } } };
      if (pick > 0) yield { ...command, do: { ...action, form: { ...form, pick: 0 } } };
      for (const fewer of withoutOne(changed))
        yield { ...command, do: { ...action, form: { ...form, changed: fewer } } };
      break;
    }
    case 'migrate':
      for (const route of smallerRoutes(action.route)) yield { ...command, do: { ...action, route } };
      break;
    default:
  }
}
