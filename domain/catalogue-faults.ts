import type { Fault } from './language.ts';
import type { MountFaultCode } from './mount-check.ts';

/** What may be wrong with an entry. */
export type EntryFaultCode =
  | MountFaultCode
  | 'Missing'
  | 'MalformedCode'
  | 'MalformedId'
  | 'DuplicateItem'
  | 'Duplicate'
  | 'KeyUnknown'
  | 'LengthMissing'
  | 'LengthNotPositive'
  | 'PersonalGradeTooLow'
  | 'MaskNeedsText'
  | 'ConditionsMissing'
  | 'ConditionsNotAllowed'
  | 'BasisMissing'
  | 'BasisNotAllowed'
  | 'LevelUnknown'
  | 'ModeMissing'
  | 'ModeNotAllowed'
  | 'ShareTypeWider'
  | 'ShareTypeMixed'
  | 'ClassificationUnknown'
  | 'DepartmentUnknown'
  | 'OpennessNotAllowed'
  | 'OpennessWider'
  | 'OpennessConditionsMissing'
  | 'OpennessConditionsNotAllowed'
  | 'PersonalNotOpened'
  | 'RelatedUnknown'
  | 'SourceUnknown';

export type ReportFault = (pointer: string, code: EntryFaultCode, params?: NonNullable<Fault['params']>) => void;

export function isBlank(text: string | undefined): boolean {
  return text === undefined || text.trim() === '';
}
