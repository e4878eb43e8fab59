import { createHmac } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical.ts';
import type { ComparedRow, Difference } from '../../domain/reconciliation/merge.ts';
import type { DifferenceBody, NewDifference } from '../../store/reconciliation-differences.ts';
import type { Reconciliation } from '../../store/reconciliations.ts';
import { isSecret, type SoundEntries } from './compare.ts';

/** A difference as it is kept: under an id of its own in every run, without anything that is sensitive. */
export function keptOf(
  difference: Difference,
  {
    one,
    entries,
    secretKey,
  }: { readonly one: Reconciliation; readonly entries: SoundEntries; readonly secretKey: Uint8Array },
): NewDifference {
  const { kind, key } = difference;
  const keyed = (value: unknown): string => createHmac('sha256', secretKey).update(canonicalJson(value)).digest('hex');
  const open = (values: ComparedRow['values']) =>
    values.map((value, index) =>
      isSecret(one.spec.compare[index] ?? { left: '', right: '' }, entries) ? null : value,
    );
  const id = uuidOf(keyed(['difference', one.id, key]));
  return { id, kind, body: bodyOf(difference, open), digest: keyed(difference), explanations: [] };
}

function bodyOf(
  difference: Difference,
  open: (values: ComparedRow['values']) => ComparedRow['values'],
): DifferenceBody {
  const { key } = difference;
  switch (difference.kind) {
    case 'only-left':
      return { key, left: open(difference.left) };
    case 'only-right':
      return { key, right: open(difference.right) };
    case 'repeated':
      return { key, times: { left: difference.left, right: difference.right } };
    case 'differs': {
      const { left, right } = difference;
      const differs = left.flatMap((value, index) => (value === right[index] ? [] : [index]));
      return { key, left: open(left), right: open(right), differs };
    }
  }
}

/** The first digits as a UUID of version 8, which is for makers of their own. */
function uuidOf(hex: string): string {
  const digits = `${hex.slice(0, 12)}8${hex.slice(13, 16)}8${hex.slice(17, 32)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
