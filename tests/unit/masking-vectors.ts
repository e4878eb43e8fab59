import { readFileSync } from 'node:fs';
import type { MaskRule } from '../../domain/catalogue.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';

interface Table {
  readonly pseudonymsOf: { readonly secretKey: string; readonly grantId: string };
  readonly vectors: readonly (readonly [MaskRule, string | null, string | null])[];
}

const TABLE = JSON.parse(readFileSync(new URL('./masking-vectors.json', import.meta.url), 'utf8')) as Table;

/**
 * What each masking rule makes of a value: the one table that the pure function and the SQL are both held against. The
 * pseudonyms in it were made by another implementation of HKDF and HMAC.
 */
export const MASKING_VECTORS = TABLE.vectors;

/** The pseudonyms of the table. */
export const PSEUDONYMS = pseudonymsOf(Buffer.from(TABLE.pseudonymsOf.secretKey, 'hex'), TABLE.pseudonymsOf.grantId);
