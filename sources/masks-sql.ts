import type { MaskRule } from '../domain/catalogue.ts';
import { COMPOUND_SURNAMES, CUT, MASK_SHAPES } from '../domain/masking.ts';

/** What masks are made of, as one database writes it: expressions over texts. Lengths are counted in characters. */
export interface MaskWords {
  literal(text: string): string;
  length(value: string): string;
  left(value: string, count: number): string;
  right(value: string, count: number): string;
  repeat(text: string, count: string): string;
  /** The part of an address that stays (`DISTRICT_PATTERN`); NULL where there is none. */
  district(value: string): string;
  /** What is before the last `@`; the whole value where there is none. */
  mailbox(value: string): string;
  hasAt(value: string): string;
  from(value: string, start: string): string;
  /** In hexadecimal digits; fails in a session that was not opened under the settings of a grant (sources/pseudonyms.ts). */
  pseudonym(value: string): string;
}

/**
 * A masking rule as an SQL expression over a text: the same result as `mask` in domain/masking.ts, computed where the data
 * is. NULL stays NULL because every branch is NULL for it.
 */
export function maskedSql(words: MaskWords, rule: MaskRule, value: string): string {
  const { length, left, right, literal } = words;
  const stars = (count: string): string => words.repeat(literal('*'), count);
  const shape = MASK_SHAPES[rule];
  switch (shape.kind) {
    case 'none':
      return value;
    case 'whole':
      return stars(length(value));
    case 'edges': {
      const { head, tail, min } = shape;
      const middle = stars(`${length(value)} - ${head + tail}`);
      return `case when ${length(value)} < ${min} then ${stars(length(value))} else ${joined(left(value, head), middle, right(value, tail))} end`;
    }
    case 'surname': {
      const compound = `${length(value)} > 2 and ${left(value, 2)} in (${COMPOUND_SURNAMES.map(literal).join(', ')})`;
      return (
        `case when ${length(value)} < 2 then ${stars(length(value))} ` +
        `when ${compound} then ${joined(left(value, 2), stars(`${length(value)} - 2`))} ` +
        `else ${joined(left(value, 1), stars(`${length(value)} - 1`))} end`
      );
    }
    case 'district': {
      const kept = words.district(value);
      return (
        `case when ${kept} is null then ${stars(length(value))} ` +
        // It is the beginning of the value: as long is the same.
        `when ${length(kept)} = ${length(value)} then ${value} else ${joined(kept, literal(CUT))} end`
      );
    }
    case 'mailbox': {
      const mailbox = words.mailbox(value);
      const domain = words.from(value, `${length(mailbox)} + 1`);
      return (
        `case when not ${words.hasAt(value)} then ${stars(length(value))} ` +
        `when ${length(mailbox)} < 2 then ${joined(stars(length(mailbox)), domain)} ` +
        `else ${joined(left(mailbox, 1), stars(`${length(mailbox)} - 1`), domain)} end`
      );
    }
    case 'pseudonym':
      return `case when ${length(value)} = 0 then '' else ${words.pseudonym(value)} end`;
  }
}

function joined(...parts: readonly string[]): string {
  return `(${parts.join(' || ')})`;
}
