import type { TableEntry } from '../../domain/catalogue.ts';
import type { AddressGuard } from '../../notices/addresses.ts';
import type { Explaining, ReconciliationSpec } from '../../domain/reconciliation/spec.ts';
import { reading } from '../../sources/connect.ts';
import { changesOf, type CodeChange } from '../../sources/in-order.ts';
import type { NewDifference } from '../../store/reconciliation-differences.ts';
import { itemAt } from './compare.ts';
import { refusalOf, RUN_LIMITS } from './refused.ts';

/** Codes that are looked up by one statement, and changes that are kept with a difference. */
const BATCH = 500;
const MOST = 5;

/** Where a source is; absent guard: whoever runs the platform has named the address. */
export interface Place {
  readonly url: string;
  readonly guard?: AddressGuard;
}

interface Explained {
  readonly spec: ReconciliationSpec;
  readonly explaining: TableEntry | undefined;
  open(entry: TableEntry): Promise<Place>;
}

/** Each difference with what the history of codes says of its code, where there is one. @throws {RunRefused} */
export async function explainAll(
  differences: readonly NewDifference[],
  { spec, explaining, open }: Explained,
): Promise<readonly NewDifference[]> {
  const { explainedBy, key } = spec;
  if (!explainedBy || !explaining || differences.length === 0) return differences;
  const width = key[0]?.width;
  const codes = new Map(differences.map(({ id, body }) => [id, codesOf(body.key[0] ?? '', explainedBy, width)]));
  const asked = {
    mount: explaining.mount,
    before: itemAt(explaining, explainedBy.before, width),
    after: itemAt(explaining, explainedBy.after, width),
    on: itemAt(explaining, explainedBy.on),
    show: (explainedBy.show ?? []).map((id) => itemAt(explaining, id)),
  };
  const changes = new Map<string, CodeChange[]>();
  const all = [...new Set([...codes.values()].flat())];
  try {
    const { url, ...guarded } = await open(explaining);
    await reading(url, { ...RUN_LIMITS, ...guarded }, async (reader) => {
      for (let at = 0; at < all.length; at += BATCH) {
        const batch = new Set(all.slice(at, at + BATCH));
        for (const change of await changesOf(reader, asked, [...batch])) {
          for (const code of new Set([change.before, change.after])) {
            if (code === null || !batch.has(code)) continue;
            changes.set(code, [...(changes.get(code) ?? []), change]);
          }
        }
      }
    });
  } catch (error) {
    throw refusalOf(error, 'explainedBy');
  }
  return differences.map((one) => {
    const found = (codes.get(one.id) ?? []).flatMap((code) => changes.get(code) ?? []);
    // The latest tell most.
    return { ...one, explanations: [...new Set(found)].slice(-MOST) };
  });
}

/** The code itself, and the one above that it begins with. */
function codesOf(code: string, { digits }: Explaining, width: number | undefined): string[] {
  if (digits === undefined || code.length <= digits) return [code];
  const above = code.slice(0, digits).padEnd(width ?? code.length, '0');
  return above === code ? [code] : [above, code];
}
