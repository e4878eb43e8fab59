import type { Entry, Item } from '../domain/catalogue.ts';
import { civilAffairsEntries } from './catalogue/civil-affairs.ts';
import { governmentOfficeEntries } from './catalogue/government-office.ts';
import { marketRegulationEntries } from './catalogue/market-regulation.ts';
import { publicSecurityEntries } from './catalogue/public-security.ts';
import { statisticsEntries } from './catalogue/statistics.ts';
import { transportEntries } from './catalogue/transport.ts';

/** The catalogue of the demonstration: authored, since no city's own catalogue is published under a licence. */
export const catalogue: readonly Entry[] = [
  ...civilAffairsEntries,
  ...statisticsEntries,
  ...governmentOfficeEntries,
  ...marketRegulationEntries,
  ...publicSecurityEntries,
  ...transportEntries,
];

/** What the catalogue is searched by: everything about an entry that a person might type. */
export function searchText(entry: Entry): string {
  const itemText = (item: Item): string => `${item.name} ${item.nameEn} ${item.id}`;
  return [entry.code, entry.name, entry.nameEn, entry.summary, ...entry.items.map(itemText)].join(' ');
}
