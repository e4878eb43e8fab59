import type { Knex } from 'knex';
import { isSameBranch } from '../domain/classification.ts';

/** A code of an entry in one classification: `101001/000012`. */
export interface GivenCode {
  readonly classification: string;
  readonly code: string;
}

/**
 * The codes of an entry in these classifications, in their order: those that it has, and the next numbers where it has
 * none. Numbers are given one after another under a lock until the transaction ends, and never again to another entry.
 */
export async function giveCodes(
  trx: Knex.Transaction,
  entryId: string,
  classifications: readonly string[],
): Promise<GivenCode[]> {
  // In one order for everybody, so that no two wait for each other.
  for (const classification of classifications.toSorted()) {
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 6))', [classification]);
  }
  const had = await trx('catalogue_codes')
    .where({ entry_id: entryId })
    .select<{ classification: string; sequence: number }[]>('classification', 'sequence');
  const codes: GivenCode[] = [];
  for (const classification of classifications) {
    const given = had.find((one) => isSameBranch(one.classification, classification));
    codes.push(codeOf(given ?? (await giveNext(trx, entryId, classification))));
  }
  return codes;
}

async function giveNext(trx: Knex.Transaction, entryId: string, classification: string) {
  const { rows } = await trx.raw<{ rows: { classification: string; sequence: number }[] }>(
    `insert into catalogue_codes (classification, sequence, entry_id)
     select :classification, coalesce(max(sequence), 0) + 1, :entryId
       from catalogue_codes where classification = :classification
     returning classification, sequence`,
    { classification, entryId },
  );
  const [row] = rows;
  if (!row) throw new Error(`No number was given in ${classification}`);
  return row;
}

function codeOf({
  classification,
  sequence,
}: {
  readonly classification: string;
  readonly sequence: number;
}): GivenCode {
  return { classification, code: `${classification}/${String(sequence).padStart(6, '0')}` };
}
