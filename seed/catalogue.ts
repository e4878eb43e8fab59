import type { TableEntry } from '../domain/catalogue.ts';
import { civilAffairsEntries } from './catalogue/civil-affairs.ts';
import { governmentOfficeEntries } from './catalogue/government-office.ts';
import { marketRegulationEntries } from './catalogue/market-regulation.ts';
import { publicSecurityEntries } from './catalogue/public-security.ts';
import { statisticsEntries } from './catalogue/statistics.ts';
import { transportEntries } from './catalogue/transport.ts';

/** The catalogue of the demonstration: authored, since no city's own catalogue is published under a licence. */
export const catalogue: readonly TableEntry[] = [
  ...civilAffairsEntries,
  ...statisticsEntries,
  ...governmentOfficeEntries,
  ...marketRegulationEntries,
  ...publicSecurityEntries,
  ...transportEntries,
];
