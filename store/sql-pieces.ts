/** A piece of SQL with the values for its question marks. */
export interface Sql {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

export function allOf(parts: readonly Sql[]): Sql {
  return joined(parts, 'and', [ALWAYS, NEVER]);
}

export function anyOf(parts: readonly Sql[]): Sql {
  return joined(parts, 'or', [NEVER, ALWAYS]);
}

export function not(part: Sql): Sql {
  return isNever(part) ? ALWAYS : { sql: `not ${part.sql}`, bindings: part.bindings };
}

const ALWAYS: Sql = { sql: 'true', bindings: [] };
const NEVER: Sql = { sql: 'false', bindings: [] };

/** Whether it is known without looking that nothing fits. */
export function isNever({ sql }: Sql): boolean {
  return sql === NEVER.sql;
}

/** The same, but read from what another condition found: no index is asked for it. */
export function readFromRow(part: Sql): Sql {
  return part.sql === ALWAYS.sql ? part : { sql: `(${part.sql}) is true`, bindings: part.bindings };
}

function joined(parts: readonly Sql[], word: string, [neutral, decisive]: readonly [Sql, Sql]): Sql {
  if (parts.some(({ sql }) => sql === decisive.sql)) return decisive;
  const [first = neutral, ...others] = parts.filter(({ sql }) => sql !== neutral.sql);
  if (others.length === 0) return first;
  const all = [first, ...others];
  return { sql: `(${all.map(({ sql }) => sql).join(` ${word} `)})`, bindings: all.flatMap(({ bindings }) => bindings) };
}
