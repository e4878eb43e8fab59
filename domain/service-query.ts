import type { Entry, Item } from './catalogue.ts';
import type { Grant } from './grant.ts';
import type { Fault } from './language.ts';
import { checkRowScope, type ScopeCondition, type ScopeScalar, valueKindOf } from './row-scope.ts';
import type { FilterKind, Service } from './service.ts';
import { maskOf } from './sharing.ts';

/** What one call asks for, within what the grant and the service allow. */
export interface ServiceQuery {
  /** In the grant's order. */
  readonly items: readonly string[];
  readonly conditions: readonly ScopeCondition[];
  readonly limit: number;
  readonly cursor?: string;
}

export type QueryFaultCode =
  | 'FilterNotOffered'
  | 'FilterMasked'
  | 'UnknownItem'
  | 'WrongType'
  | 'Malformed'
  | 'Repeated';

type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

const USUAL_LIMIT = 100;

/**
 * Reads the parameters of a call: `items=a,b`, `limit`, `cursor`; `item=value`, more than once for any of several;
 * `item.from`, `item.to` for a range. Says every fault at once, under `/query`.
 * Only granted items that leave as they are can be filtered by: a filter over a masked one, or over one that was not
 * granted, would tell its values by what is found.
 */
export function readQuery(
  params: Params,
  { service, grant, entry }: { readonly service: Service; readonly grant: Grant; readonly entry: Entry },
): { readonly query: ServiceQuery } | { readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const report = (name: string, code: string, more?: Fault['params']): void => {
    faults.push({ pointer: `/query/${name}`, code, ...(more ? { params: more } : {}) });
  };
  const { items: listed, limit: asked, cursor, ...filters } = params;
  const items = itemsOf(listed, grant, report);
  const limit = limitOf(asked, service.pageLimit, report);
  if (Array.isArray(cursor)) report('cursor', 'Repeated');
  const conditions = Object.entries(filters).flatMap(([name, value]): ScopeCondition[] => {
    const [id = '', bound] = name.split(/\.(?=(?:from|to)$)/);
    const values = value === undefined ? [] : Array.isArray(value) ? (value as string[]) : [value as string];
    const kind: FilterKind = bound !== undefined ? 'range' : values.length > 1 ? 'in' : 'equal';
    const item = entry.items.find((one) => one.id === id);
    const isOffered = service.filters.some((filter) => filter.item === id && filter.kinds.includes(kind));
    if (!item || !isOffered || !grant.items.includes(id)) {
      report(name, 'FilterNotOffered', { item: id, kind });
      return [];
    }
    if (maskOf(grant, entry, id) !== 'none') {
      report(name, 'FilterMasked', { item: id });
      return [];
    }
    if (kind === 'range' && values.length > 1) {
      report(name, 'Repeated');
      return [];
    }
    const condition = conditionOf(item, { kind, bound, values });
    const unsound = checkRowScope({ all: [condition] }, entry.items).map(({ code, params: with_ }) => ({
      code,
      with_,
    }));
    for (const { code, with_ } of unsound) report(name, code, with_);
    return unsound.length > 0 ? [] : [condition];
  });
  if (faults.length > 0) return { faults };
  return { query: { items, conditions, limit, ...(typeof cursor === 'string' ? { cursor } : {}) } };
}

type Report = (name: string, code: string, more?: Fault['params']) => void;

function itemsOf(listed: Params[string], grant: Grant, report: Report): readonly string[] {
  if (listed === undefined) return grant.items;
  if (typeof listed !== 'string') {
    report('items', 'Repeated');
    return [];
  }
  const named = listed.split(',');
  for (const item of named) if (!grant.items.includes(item)) report('items', 'UnknownItem', { item });
  return grant.items.filter((id) => named.includes(id));
}

function limitOf(asked: Params[string], most: number, report: Report): number {
  if (asked === undefined) return Math.min(USUAL_LIMIT, most);
  const limit = typeof asked === 'string' && /^\d{1,6}$/.test(asked) ? Number(asked) : 0;
  if (limit < 1) report('limit', 'Malformed');
  return Math.min(limit, most);
}

function conditionOf(
  item: Item,
  { kind, bound, values }: { kind: FilterKind; bound: string | undefined; values: readonly string[] },
): ScopeCondition {
  const read = values.map((value) => scalarOf(value, item));
  if (kind === 'in') return { item: item.id, operator: 'in', value: read };
  const operator = kind === 'equal' ? 'eq' : bound === 'from' ? 'ge' : 'le';
  return { item: item.id, operator, value: read[0] ?? '' };
}

/** A text as a value of the item's kind; what cannot be one stays a text, which `checkRowScope` finds. */
function scalarOf(value: string, { type }: Item): ScopeScalar {
  switch (valueKindOf(type)) {
    case 'number':
    case 'integer':
      return /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
    case 'logical':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'text':
    case 'date':
    case 'time':
    case 'opaque':
      return value;
  }
}
