import type { Entry } from './catalogue.ts';
import type { Grant } from './grant.ts';
import { mask, type Pseudonymise } from './masking.ts';
import { isInScope } from './row-scope-match.ts';
import { maskOf } from './sharing.ts';

type RecordOf = Readonly<Record<string, unknown>>;

export interface RecordTerms {
  readonly grant: Grant;
  readonly entry: Entry;
  /** Those asked for, of the granted ones. */
  readonly items: readonly string[];
  readonly pseudonymise: Pseudonymise;
}

/** Of the records of a service those within the grant's rows, each with the granted items alone, masked. */
export function grantedRecords(records: readonly RecordOf[], terms: RecordTerms): RecordOf[] {
  const { grant, entry, items, pseudonymise } = terms;
  const rules = items.map((id) => [id, maskOf(grant, entry, id)] as const);
  return records
    .filter((record) => isInScope(record, grant.rowScope, entry.items))
    .map((record) =>
      Object.fromEntries(
        rules.map(([id, rule]) => {
          const value = Object.hasOwn(record, id) ? (record[id] ?? null) : null;
          return [id, rule === 'none' || value === null ? value : mask(rule, textOf(value), pseudonymise)];
        }),
      ),
    );
}

/** What is not a text is masked as the text that stands for it. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
