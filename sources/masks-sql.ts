import pg from 'pg';
import type { MaskRule } from '../domain/catalogue.ts';
import { COMPOUND_SURNAMES, CUT, DISTRICT_PATTERN, MASK_SHAPES, PSEUDONYM_LENGTH } from '../domain/masking.ts';
import { PSEUDONYM_SETTINGS } from './pseudonyms.ts';

/**
 * A masking rule as an SQL expression over a text expression: the same result as `mask` in domain/masking.ts, computed
 * where the data is. NULL stays NULL because every branch is NULL for it. Functions are named with their schema, so that
 * nothing of the same name in the source's database is called instead. A pseudonym is made in a session that was opened
 * under the grant's settings (sources/pseudonyms.ts); in any other it fails.
 */
export function maskSql(rule: MaskRule, column: string): string {
  const value = `(${column})::pg_catalog.text`;
  const shape = MASK_SHAPES[rule];
  switch (shape.kind) {
    case 'none':
      return column;
    case 'whole':
      return stars(length(value));
    case 'edges': {
      const { head, tail, min } = shape;
      const middle = stars(`${length(value)} - ${head + tail}`);
      return `case when ${length(value)} < ${min} then ${stars(length(value))} else ${joined(left(value, head), middle, right(value, tail))} end`;
    }
    case 'surname': {
      const compound = `${length(value)} > 2 and ${left(value, 2)} in (${COMPOUND_SURNAMES.map(pg.escapeLiteral).join(', ')})`;
      return (
        `case when ${length(value)} < 2 then ${stars(length(value))} ` +
        `when ${compound} then ${joined(left(value, 2), stars(`${length(value)} - 2`))} ` +
        `else ${joined(left(value, 1), stars(`${length(value)} - 1`))} end`
      );
    }
    case 'district': {
      const kept = `pg_catalog.regexp_substr(${value}, ${pg.escapeLiteral(DISTRICT_PATTERN)})`;
      return (
        `case when ${kept} is null then ${stars(length(value))} ` +
        `when ${kept} = ${value} then ${value} else ${joined(kept, pg.escapeLiteral(CUT))} end`
      );
    }
    case 'mailbox': {
      // Greedy up to the last @, which ends the mailbox.
      const mailbox = `pg_catalog.regexp_replace(${value}, '@[^@]*$', '')`;
      const domain = `pg_catalog.substr(${value}, ${length(mailbox)} + 1)`;
      return (
        `case when pg_catalog.strpos(${value}, '@') = 0 then ${stars(length(value))} ` +
        `when ${length(mailbox)} < 2 then ${joined(stars(length(mailbox)), domain)} ` +
        `else ${joined(left(mailbox, 1), stars(`${length(mailbox)} - 1`), domain)} end`
      );
    }
    case 'pseudonym': {
      const inner = sha256(joined(padded('inner'), `pg_catalog.convert_to(${value}, 'UTF8')`));
      const pseudonym = left(`pg_catalog.encode(${sha256(joined(padded('outer'), inner))}, 'hex')`, PSEUDONYM_LENGTH);
      return `case when ${length(value)} = 0 then '' else ${pseudonym} end`;
    }
  }
}

/** HMAC by its definition (RFC 2104), for which PostgreSQL from 11 on needs no extension. In a subquery of its own the key is read once. */
function padded(key: keyof typeof PSEUDONYM_SETTINGS): string {
  return `(select pg_catalog.decode(pg_catalog.current_setting('${PSEUDONYM_SETTINGS[key]}'), 'hex'))`;
}

function sha256(bytes: string): string {
  return `pg_catalog.sha256(${bytes})`;
}

function length(value: string): string {
  return `pg_catalog.char_length(${value})`;
}

function left(value: string, count: number): string {
  return `pg_catalog."left"(${value}, ${count})`;
}

function right(value: string, count: number): string {
  return `pg_catalog."right"(${value}, ${count})`;
}

function stars(count: string): string {
  return `pg_catalog.repeat('*', ${count})`;
}

function joined(...parts: readonly string[]): string {
  return `(${parts.join(' || ')})`;
}
