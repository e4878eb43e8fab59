import pg from 'pg';
import type { Column, TableName } from '../../../sources/columns.ts';
import { maskedSql } from '../../../sources/masks-sql.ts';
import { bytesOf, conditionSql, literal } from '../../../sources/mysql/scope-sql.ts';
import type { Words } from '../../../sources/words.ts';
import type { Session } from '../connector.ts';
import type { Dialect, Reading, Span } from '../dialect.ts';
import { columnsOf } from './columns.ts';
import { MASK_WORDS } from './masks.ts';
import { receiving } from './receiving.ts';
import { textOf, valueOf } from './text.ts';

const words: Words = {
  literal,
  text: textOf,
  value: valueOf,
  mask: (rule, text) => (rule === 'none' ? text : maskedSql(MASK_WORDS, rule, `(${text}) collate utf8mb4_bin`)),
  condition: conditionSql,
  inOrder(expression, column) {
    // A number for which MySQL has no type is kept as a text.
    if (column?.baseType === 'numeric' && column.own === 'longtext') return `cast(${expression} as decimal(65, 30))`;
    if (column?.bytewise === true && column.category === 'S') return expression;
    return column === undefined || column.category === 'S' || column.baseType === 'uuid'
      ? bytesOf(expression)
      : expression;
  },
  inTextOrder: (text) => `(${text}) is null, ${bytesOf(text)}`,
  unmerged: 'limit 18446744073709551615',
  // 60 bits of an MD5, which every database has.
  numberOf: (text) => `cast(conv(substr(md5(${text}), 1, 15), 16, 10) as unsigned)`,
};

const NOWS: Readonly<Record<string, { readonly now: string; readonly back: string }>> = {
  timestamptz: { now: 'utc_timestamp(6)', back: 'interval 10 minute' },
  timestamp: { now: '(utc_timestamp(6) + interval 8 hour)', back: 'interval 10 minute' },
  date: { now: 'date(utc_timestamp() + interval 8 hour)', back: 'interval 1 day' },
};

function spanOf({ baseType, type }: Column): Span | undefined {
  const span = NOWS[baseType];
  if (span === undefined) return undefined;
  const isDate = baseType === 'date';
  const held = isDate ? 'date' : `datetime(${/\((\d)\)/.exec(type)?.[1] ?? '6'})`;
  return {
    upTo: (latest) => `cast(coalesce(least(${latest}, ${span.now}), ${span.now}) as ${held})`,
    from: (mark) => `${isDate ? 'date' : 'timestamp'} ${literal(mark.replace(/\+00$/, ''))} - ${span.back}`,
  };
}

const reading: Reading = {
  /** Whoever has read from a table keeps others from altering it until the transaction ends. */
  async begin(session: Session, { schema, table }: TableName, lockMs: number): Promise<void> {
    await session.run(`set session lock_wait_timeout = ${Math.max(1, Math.ceil(lockMs / 1_000))}`);
    await session.run('start transaction with consistent snapshot, read only');
    await session.run(`select 1 from ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)} limit 0`);
  },
  columnsOf,
  async estimate(session, sql) {
    const steps = await session.rows<{ rows: string | null }>(`explain ${sql}`);
    return Math.max(0, ...steps.map(({ rows }) => Number(rows ?? 0)));
  },
  spanOf,
};

export const MYSQL: Dialect = { name: 'mysql', words, reading, receiving };
