import pg from 'pg';
import type { Column, TableName } from '../../../sources/columns.ts';
import { columnsOf } from '../../../sources/postgresql/columns.ts';
import { words } from '../../../sources/postgresql/words.ts';
import type { Session } from '../connector.ts';
import type { Dialect, Reading, Span } from '../dialect.ts';
import { receiving } from './receiving.ts';

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
