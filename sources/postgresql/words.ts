import pg from 'pg';
import { conditionSql } from '../scope-sql.ts';
import type { Words } from '../words.ts';
import { maskSql } from './masks.ts';

export const words: Words = {
  literal: (text) => pg.escapeLiteral(text),
  text: (expression) => `(${expression})::pg_catalog.text`,
  value: (expression) => expression,
  mask: maskSql,
  condition: conditionSql,
  // Said only where the column's own collation differs, so that an index on the key can serve it.
  inOrder: (expression, column) => (column?.bytewise === false ? `${expression} collate "C"` : expression),
  inTextOrder: (text) => `${text} collate "C"`,
  unmerged: 'offset 0',
  numberOf: (text, own, integer) => (own ? hashed(text, integer) : digits(text)),
};

/** PostgreSQL's own hash, without its sign. To write an integer as a text takes longer than all else. */
function hashed(text: string, integer: string | undefined): string {
  const hash =
    integer === undefined
      ? `pg_catalog.hashtextextended(${text}, 0)`
      : `pg_catalog.hashint8extended((${integer})::pg_catalog.int8, 0)`;
  return `(${hash} & 1152921504606846975)`;
}

/** 60 bits of an MD5, which every database has. */
function digits(text: string): string {
  return `('x' || pg_catalog.substr(pg_catalog.md5(pg_catalog.convert_to(${text}, 'UTF8')), 1, 15))::bit(60)::bigint`;
}
