import pg from 'pg';
import { conditionSql } from '../../../sources/scope-sql.ts';
import type { Column } from '../columns.ts';
import type { Session } from '../connector.ts';
import type { Dialect, Reading, Span, TableName, Words } from '../dialect.ts';
import { maskSql } from './masks.ts';
import { receiving } from './receiving.ts';
import { columnsOf } from './columns.ts';

const words: Words = {
  literal: (text) => pg.escapeLiteral(text),
  text: (expression) => `(${expression})::pg_catalog.text`,
  value: (expression) => expression,
  mask: maskSql,
  condition: conditionSql,
  // Said only where the column's own collation differs, so that an index on the key can serve it.
  inOrder: (expression, column) => (column?.bytewise === false ? `${expression} collate "C"` : expression),
  inTextOrder: (text) => `${text} collate "C"`,
  unmerged: 'offset 0',
  sumOf: (text, own) => `coalesce(sum(${own ? `pg_catalog.hashtextextended(${text}, 0)` : digits(text)}), 0)::text`,
};

/** 60 bits of an MD5, which every database has. */
function digits(text: string): string {
  return `('x' || pg_catalog.substr(pg_catalog.md5(pg_catalog.convert_to(${text}, 'UTF8')), 1, 15))::bit(60)::bigint`;
}

/** Random reads are priced as on a solid disk, so that an index on the key is walked rather than the table sorted. */
const PLANNER = "set local random_page_cost = 1.1; set local work_mem = '64MB'; set local jit = off";

const SPANS: Readonly<Record<string, { readonly back: string; readonly now: string }>> = {
  timestamptz: { back: "interval '10 minutes'", now: 'pg_catalog.now()' },
  timestamp: { back: "interval '10 minutes'", now: "pg_catalog.now() at time zone 'Asia/Shanghai'" },
  date: { back: '1', now: "(pg_catalog.now() at time zone 'Asia/Shanghai')::pg_catalog.date" },
};

function spanOf({ baseType }: Column): Span | undefined {
  const span = SPANS[baseType];
  if (span === undefined) return undefined;
  return {
    upTo: (latest) => `least(${latest}, ${span.now})`,
    from: (mark) => `${pg.escapeLiteral(mark)}::pg_catalog.${baseType} - ${span.back}`,
  };
}

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[];
}

const reading: Reading = {
  async begin(session: Session, { schema, table }: TableName, lockMs: number): Promise<void> {
    const name = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
    await session.run(
      `begin isolation level repeatable read read only; set local lock_timeout = ${lockMs};
       ${PLANNER}; lock table ${name} in access share mode`,
    );
  },
  columnsOf,
  async estimate(session, sql) {
    const [explained] = await session.rows<Explained>(`explain (format json) ${sql}`);
    return explained?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
  },
  spanOf,
};

export const POSTGRESQL: Dialect = { name: 'postgresql', words, reading, receiving };
