import type { Fault } from './language.ts';
import { LEAST_LOG_DAYS } from './gateway.ts';
import { LONGEST_YEARS } from './share-request-check.ts';

interface NumberSpec {
  readonly kind: 'number';
  readonly unit: 'years' | 'hours' | 'days' | 'deliveries';
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

interface ChoiceSpec {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly usual: string;
}

/**
 * What a place may set for itself, by the key in the table `settings`, with what holds where nothing was set. A row here
 * is all that it takes for administrators to see and change it.
 */
export const SETTINGS = {
  /** The longest period that may be asked for. */
  'share-request.longest-years': { kind: 'number', unit: 'years', least: 1, most: 10, usual: LONGEST_YEARS },
  /** Unconditional resources: the provider answers, or is only told (domain/routes/share-request.ts). */
  'share-request.unconditional': { kind: 'choice', choices: ['answer', 'at-once'], usual: 'answer' },
  /** How often what entries are mounted on is looked at. */
  'catalogue.watch-hours': { kind: 'number', unit: 'hours', least: 1, most: 168, usual: 24 },
  /** How long calls of services are kept; the law asks for three years (R809). */
  'gateway.log-days': { kind: 'number', unit: 'days', least: LEAST_LOG_DAYS, most: 36_500, usual: LEAST_LOG_DAYS },
  /** How many deliveries may read one source at once. */
  'transfers.per-source': { kind: 'number', unit: 'deliveries', least: 1, most: 32, usual: 2 },
} as const satisfies Readonly<Record<string, NumberSpec | ChoiceSpec>>;

export type SettingKey = keyof typeof SETTINGS;
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}

/** What is wrong with a value for a setting. */
export function faultsOfSetting(key: SettingKey, value: unknown): Fault[] {
  const spec: NumberSpec | ChoiceSpec = SETTINGS[key];
  const at = (code: string, params?: Fault['params']): Fault[] => [
    { pointer: '/value', code, ...(params ? { params } : {}) },
  ];
  if (spec.kind === 'choice') return spec.choices.some((one) => one === value) ? [] : at('NotOffered');
  if (typeof value !== 'number' || !Number.isInteger(value)) return at('WrongType');
  const { least, most } = spec;
  return value < least || value > most ? at('SettingOutside', { least, most }) : [];
}
