import { DISTRICT_PATTERN, PSEUDONYM_LENGTH } from '../../../domain/masking.ts';
import { PSEUDONYM_SETTINGS } from '../../../sources/pseudonyms.ts';
import { literal } from '../../../sources/mysql/scope-sql.ts';
import type { MaskWords } from '../../../sources/masks-sql.ts';

/** Over texts in utf8mb4 that compare byte by byte. */
export const MASK_WORDS: MaskWords = {
  literal,
  length: (value) => `char_length(${value})`,
  left,
  right: (value, count) => `right(${value}, ${count})`,
  repeat: (text, count) => `repeat(${text}, ${count})`,
  // MariaDB finds an empty text where there is nothing, MySQL NULL.
  district: (value) => `nullif(regexp_substr(${value}, ${literal(DISTRICT_PATTERN)}), '')`,
  mailbox: (value) =>
    `case when locate('@', ${value}) = 0 then ${value} ` +
    `else left(${value}, char_length(${value}) - char_length(substring_index(${value}, '@', -1)) - 1) end`,
  hasAt: (value) => `(locate('@', ${value}) > 0)`,
  from: (value, start) => `substr(${value}, ${start})`,
  pseudonym(value) {
    const inner = `unhex(sha2(${padded('inner')} || cast(${value} as binary), 256))`;
    return left(`sha2(${padded('outer')} || ${inner}, 256)`, PSEUDONYM_LENGTH);
  },
};

/** HMAC by its definition (RFC 2104). A query of two rows where one is expected fails: no value is hashed without a salt. */
function padded(key: keyof typeof PSEUDONYM_SETTINGS): string {
  return `unhex(coalesce(@${PSEUDONYM_SETTINGS[key]}, (select 1 union all select 2)))`;
}

function left(value: string, count: number): string {
  return `left(${value}, ${count})`;
}
