import pg from 'pg';
import type { MaskRule } from '../../domain/catalogue.ts';
import { DISTRICT_PATTERN, PSEUDONYM_LENGTH } from '../../domain/masking.ts';
import { PSEUDONYM_SETTINGS } from '../pseudonyms.ts';
import { maskedSql, type MaskWords } from '../masks-sql.ts';

/**
 * A masking rule over an expression of any type. Functions are named with their schema, so that nothing of the same name in
 * the source's database is called instead.
 */
export function maskSql(rule: MaskRule, column: string): string {
  return maskedSql(WORDS, rule, rule === 'none' ? column : `(${column})::pg_catalog.text`);
}

const WORDS: MaskWords = {
  literal: (text) => pg.escapeLiteral(text),
  length: (value) => `pg_catalog.char_length(${value})`,
  left,
  right: (value, count) => `pg_catalog."right"(${value}, ${count})`,
  repeat: (text, count) => `pg_catalog.repeat(${text}, ${count})`,
  district: (value) => `pg_catalog.regexp_substr(${value}, ${pg.escapeLiteral(DISTRICT_PATTERN)})`,
  // Greedy up to the last @, which ends the mailbox.
  mailbox: (value) => `pg_catalog.regexp_replace(${value}, '@[^@]*$', '')`,
  hasAt: (value) => `(pg_catalog.strpos(${value}, '@') > 0)`,
  from: (value, start) => `pg_catalog.substr(${value}, ${start})`,
  pseudonym(value) {
    const inner = sha256(`(${padded('inner')} || pg_catalog.convert_to(${value}, 'UTF8'))`);
    return left(`pg_catalog.encode(${sha256(`(${padded('outer')} || ${inner})`)}, 'hex')`, PSEUDONYM_LENGTH);
  },
};

/** HMAC by its definition (RFC 2104), for which PostgreSQL from 11 on needs no extension. In a subquery of its own the key is read once. */
function padded(key: keyof typeof PSEUDONYM_SETTINGS): string {
  return `(select pg_catalog.decode(pg_catalog.current_setting('${PSEUDONYM_SETTINGS[key]}'), 'hex'))`;
}

function sha256(bytes: string): string {
  return `pg_catalog.sha256(${bytes})`;
}

function left(value: string, count: number): string {
  return `pg_catalog."left"(${value}, ${count})`;
}
