import { epochMilliseconds } from './civil-date.ts';
import { type Entry, type Item, type Mount, mountKindOf } from './catalogue.ts';
import type { Fault } from './language.ts';
import { operatorsFor, type ScopeOperator } from './row-scope.ts';
import { nextRun } from './schedule/schedule.ts';

/** How callers may narrow down what they ask for: one value, several, or from and to (both included). */
export const FILTER_KINDS = ['equal', 'in', 'range'] as const;
export type FilterKind = (typeof FILTER_KINDS)[number];

const OPERATOR = { equal: 'eq', in: 'in', range: 'between' } as const satisfies Record<FilterKind, ScopeOperator>;

export interface ServiceFilter {
  readonly item: string;
  readonly kinds: readonly FilterKind[];
}

/** What a provider registers (服务接口): calls over an entry's table, or of the HTTP service that it is mounted on. */
export interface ServiceTerms {
  readonly name: string;
  /** Over a table: by which items callers may filter. */
  readonly filters: readonly ServiceFilter[];
  /** Of an HTTP service: which query parameters go through to it. */
  readonly parameters: readonly string[];
  /** Rows in one answer over a table, at most. */
  readonly pageLimit: number;
  /** For everything that the source does for one call, in milliseconds. */
  readonly timeoutMs: number;
  /** Of an answer, and of what an HTTP service answers. */
  readonly maxBytes: number;
  readonly status: 'open' | 'closed';
}

export interface Service extends ServiceTerms {
  /** The part of the path by which it is called: `/gateway/{id}`. */
  readonly id: string;
  readonly revision: number;
  readonly provider: string;
  readonly entryId: string;
}

export type ServiceFaultCode =
  | 'UnknownEntry'
  | 'NotMounted'
  | 'ServiceMountUnfit'
  | 'ModeNotOffered'
  | 'UnknownItem'
  | 'DuplicateItem'
  | 'OperatorUnfit'
  | 'FiltersForTableOnly'
  | 'ParametersForServiceOnly'
  | 'ServiceIdTaken';

type Checked = Pick<ServiceTerms, 'filters' | 'parameters'>;

/** Every fault of what is registered over an entry of the provider's own; undefined: it has no such entry. */
export function checkService({ filters, parameters }: Checked, entry: Entry | undefined): Fault[] {
  if (!entry) return [fault('/entryId', 'UnknownEntry')];
  const faults = entry.shareModes.includes('service') ? [] : [fault('/entryId', 'ModeNotOffered')];
  const { mount } = entry;
  if (!mount) return [...faults, fault('/entryId', 'NotMounted')];
  switch (mountKindOf(mount)) {
    case 'file':
      return [...faults, fault('/entryId', 'ServiceMountUnfit')];
    case 'service':
      return [...faults, ...(filters.length > 0 ? [fault('/filters', 'FiltersForTableOnly')] : [])];
    case 'table':
      return [
        ...faults,
        ...(parameters.length > 0 ? [fault('/parameters', 'ParametersForServiceOnly')] : []),
        ...filters.flatMap((filter, at) => filterFaults(filter, entry.items, { at, filters })),
      ];
  }
}

function filterFaults(
  { item: id, kinds }: ServiceFilter,
  items: readonly Item[],
  { at, filters }: { readonly at: number; readonly filters: readonly ServiceFilter[] },
): Fault[] {
  const item = items.find((one) => one.id === id);
  if (!item) return [fault(`/filters/${at}/item`, 'UnknownItem', { item: id })];
  if (filters.findIndex((other) => other.item === id) < at) {
    return [fault(`/filters/${at}/item`, 'DuplicateItem', { item: id })];
  }
  const allowed = operatorsFor(item);
  return kinds.flatMap((kind, n) =>
    allowed.includes(OPERATOR[kind])
      ? []
      : [fault(`/filters/${at}/kinds/${n}`, 'OperatorUnfit', { operator: kind, item: id })],
  );
}

function fault(pointer: string, code: ServiceFaultCode, params?: Fault['params']): Fault {
  return params ? { pointer, code, params } : { pointer, code };
}

/** Whether an entry mounted like this can be called. */
export function isCallable(mount: Mount | undefined): boolean {
  return mount !== undefined && mountKindOf(mount) !== 'file';
}

/** No answer is kept for longer, in seconds: a provider may mend its data between two updates. */
const FRESH_SECONDS = 3_600;

/**
 * How long an answer of this moment (RFC 3339) may be kept by who asked, in seconds: until the source's next update by the
 * cycle that the entry states, and an hour at the most. 0 where data changes at any time or nobody says when.
 */
export function freshSeconds(cycle: string, at: string): number {
  if (cycle === 'real-time') return 0;
  const next = nextRun({ kind: 'after-update', cycle }, at);
  if (next === undefined) return 0;
  return Math.min(FRESH_SECONDS, Math.floor((epochMilliseconds(next) - epochMilliseconds(at)) / 1_000));
}
