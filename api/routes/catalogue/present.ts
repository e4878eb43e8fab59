import { type Entry, isOnTable, mountKindOf, type TableEntry } from '../../../domain/catalogue.ts';
import type { Actor } from '../../../domain/language.ts';
import { operatorsFor } from '../../../domain/row-scope.ts';
import type { FacetCounts } from '../../../store/catalogue-facets.ts';
import type { Department } from '../../../store/departments.ts';
import type { Policies } from '../../reach.ts';
import { timeOf } from '../../time.ts';
import type { DriftRow } from '../../../store/drifts.ts';
import type { Locale } from '../../problem.ts';
import { presentDepartment } from '../departments/present.ts';
import { presentOpenDrift } from './drifts.ts';

export interface EntryContext {
  readonly actor: Actor;
  readonly policies: Policies;
  readonly departments: readonly Department[];
}

/** An entry in a list. */
export function presentEntrySummary(entry: Entry, context: EntryContext) {
  const { id, version, code, name, nameEn, summary, classification, format, updateCycle, shareType, shareModes } =
    entry;
  return {
    id,
    version,
    code,
    name,
    nameEn,
    summary,
    classification,
    format,
    updateCycle,
    shareType,
    shareModes,
    provider: presentDepartment(entry.provider, context.departments),
    publishedAt: timeOf(new Date(entry.publishedAt)),
    status: entry.status ?? 'published',
    mountedOn: entry.mount ? mountKindOf(entry.mount) : null,
    itemCount: entry.items.length,
    ...(entry.withheldBasis === undefined ? {} : { withheldBasis: entry.withheldBasis }),
    ...(entry.statusReason === undefined ? {} : { statusReason: entry.statusReason }),
    actions: mayRequest(entry, context) ? [{ action: 'request' as const }] : [],
  };
}

/** An entry in full. The mount stays inside: where the table lies is the provider's business. */
export function presentEntry(
  entry: Entry,
  { drifts, locale, ...context }: EntryContext & { readonly drifts: readonly DriftRow[]; readonly locale: Locale },
) {
  const { conditions, items, key, provenance, codes, openness, opennessConditions, related } = entry;
  return {
    ...presentEntrySummary(entry, context),
    ...(conditions === undefined ? {} : { conditions }),
    items: items.map((item) => ({ ...item, operators: operatorsFor(item) })),
    key,
    provenance,
    codes: codes ?? [{ classification: entry.code.split('/')[0] ?? '', code: entry.code }],
    openness: openness ?? 'closed',
    ...(opennessConditions === undefined ? {} : { opennessConditions }),
    related: related ?? [],
    drifts: drifts.map((one) => presentOpenDrift(one, locale)),
  };
}

/** Departments by their names as well: an id says nothing to a person. */
export function presentFacets({ total, facets }: FacetCounts, departments: readonly Department[]) {
  const provider = facets.provider.map((one) => ({ ...one, department: presentDepartment(one.value, departments) }));
  return { total, facets: { ...facets, provider } };
}

/** Whether this person may ask for the entry; it then lies in a table of a database. */
export function mayRequest(
  entry: Entry,
  { actor, policies }: Pick<EntryContext, 'actor' | 'policies'>,
): entry is TableEntry {
  const { shareType, provider, conditions, status } = entry;
  const isOpen = conditions?.departments?.includes(actor.department) ?? true;
  const isAsked =
    status === undefined && isOnTable(entry) && shareType !== 'withheld' && provider !== actor.department && isOpen;
  return isAsked && actor.roles.includes('requester') && policies.may(actor, 'file', 'share-request', actor.department);
}
