import { canonicalJson } from './canonical.ts';
import type { Entry } from './catalogue.ts';
import { labelOf } from './catalogue-labels.ts';
import type { Words } from './process.ts';

/** One thing in which a version of an entry differs from another. */
export interface Difference {
  /** JSON pointer (RFC 6901) into the later version; into the earlier one for what was removed. */
  readonly pointer: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly label: Words;
  /** The item that it is about, by its id. */
  readonly item?: string;
  /** Absent where it was added. */
  readonly before?: unknown;
  /** Absent where it was removed. */
  readonly after?: unknown;
}

/** What the platform gives a version, and where its rows lie, which is the provider's business. */
const UNCOMPARED = new Set(['id', 'version', 'publishedAt', 'mount', 'items', 'status', 'statusReason']);
/** Compared by their members: each says something for itself. */
const COMPOSED = new Set(['classification', 'conditions', 'withheldBasis']);

type Members = Readonly<Record<string, unknown>>;

/** What changed from one version of an entry to another, in the order of the later one. Items are matched by their ids. */
export function differencesOf(before: Entry, after: Entry): Difference[] {
  const fields = membersOf(before, after).filter((field) => !UNCOMPARED.has(field));
  return [
    ...fields.flatMap((field) => {
      const [was, is] = [valueOf(before, field), valueOf(after, field)];
      if (!COMPOSED.has(field) || !isMembers(was) || !isMembers(is)) return difference(`/${field}`, [field], was, is);
      return membersOf(was, is).flatMap((inner) =>
        difference(`/${field}/${inner}`, [field, inner], was[inner], is[inner]),
      );
    }),
    ...itemDifferences(before, after),
  ];
}

function itemDifferences(before: Entry, after: Entry): Difference[] {
  const was = new Map(before.items.map((item, index) => [item.id, { item, index }]));
  const is = new Set(after.items.map(({ id }) => id));
  const kept = after.items.flatMap((item, index): Difference[] => {
    const known = was.get(item.id);
    const pointer = `/items/${index}`;
    if (!known) return named(item.id, difference(pointer, ['items'], undefined, item));
    const fields = membersOf(known.item, item).filter((field) => field !== 'id');
    return fields.flatMap((field) =>
      named(
        item.id,
        difference(`${pointer}/${field}`, ['items', field], valueOf(known.item, field), valueOf(item, field)),
      ),
    );
  });
  const removed = [...was.values()].filter(({ item }) => !is.has(item.id));
  return [
    ...kept,
    ...removed.flatMap(({ item, index }) => named(item.id, difference(`/items/${index}`, ['items'], item, undefined))),
  ];
}

function named(item: string, differences: readonly Difference[]): Difference[] {
  return differences.map((one) => ({ ...one, item }));
}

function difference(pointer: string, path: readonly string[], before: unknown, after: unknown): Difference[] {
  if (before === undefined && after === undefined) return [];
  const label = labelOf(path);
  if (before === undefined) return [{ pointer, change: 'added', label, after }];
  if (after === undefined) return [{ pointer, change: 'removed', label, before }];
  return canonicalJson(before) === canonicalJson(after) ? [] : [{ pointer, change: 'changed', label, before, after }];
}

function membersOf(before: object, after: object): string[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])];
}

function valueOf(members: object, field: string): unknown {
  return (members as Members)[field];
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
