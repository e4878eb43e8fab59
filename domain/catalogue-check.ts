import { BASIS_LEVELS, type Entry, type Openness } from './catalogue.ts';
import { checkDraftItems } from './catalogue-check-items.ts';
import type { EntryDraft } from './catalogue-draft.ts';
import { isBlank, type ReportFault } from './catalogue-faults.ts';
import { BASES, THEMES } from './classification.ts';
import type { Fault } from './language.ts';

/** What there is, for references to be held against; what is absent is not held against anything. */
export interface Known {
  readonly departments?: readonly string[];
  /** Ids of entries that have been published. */
  readonly entries?: readonly string[];
  /** Ids of the provider's own databases: nobody publishes what another department holds. */
  readonly sources?: readonly string[];
}

/** What a text of an entry must not lack: R809 Art.13 and the 2017 guide (发改高技〔2017〕1272号). */
const REQUIRED = ['name', 'summary', 'provider', 'format', 'updateCycle', 'provenance'] as const;
/** CSV, XLSX, JSON Lines. */
const FILES = /\.(?:csv|xlsx|jsonl|ndjson)$/i;
/** Classification 类 (1), 项 (2), 目 (3), 细目 (any), a slash, sequence number. */
const CODE = /^\d{6,}\/\d+$/;

/** Every fault of a published entry: those of its content, and of what the platform gives it. */
export function checkEntry(entry: Entry): Fault[] {
  const given: Fault[] = [];
  for (const field of ['id', 'publishedAt'] as const) {
    if (isBlank(entry[field])) given.push({ pointer: `/${field}`, code: 'Missing' });
  }
  if (!CODE.test(entry.code)) given.push({ pointer: '/code', code: 'MalformedCode' });
  return [...given, ...checkDraft(entry)];
}

/**
 * Everything for which a draft cannot be filed for publication, at once: what R809 Art.12 and Art.13 ask an entry to
 * state, and no more than its share type lets it demand (Art.15). Pointers lead into the draft.
 */
export function checkDraft(draft: EntryDraft, known: Known = {}): Fault[] {
  const faults: Fault[] = [];
  const report: ReportFault = (pointer, code, params) =>
    faults.push(params ? { pointer, code, params } : { pointer, code });
  for (const field of REQUIRED) if (isBlank(draft[field])) report(`/${field}`, 'Missing');
  checkClassification(draft, known, report);
  checkShareType(draft, known, report);
  checkOpenness(draft, report);
  checkDraftItems(draft, report);
  checkReferences(draft, known, report);
  return faults;
}

function checkClassification({ classification }: EntryDraft, { departments }: Known, report: ReportFault): void {
  if (classification === undefined) return report('/classification', 'Missing');
  const { base, theme, department } = classification;
  if (base !== undefined && !BASES.some((one) => one === base)) {
    report('/classification/base', 'ClassificationUnknown', { name: base });
  }
  if (theme !== undefined && !THEMES.some((one) => one === theme)) {
    report('/classification/theme', 'ClassificationUnknown', { name: theme });
  }
  if (department !== undefined && departments?.includes(department) === false) {
    report('/classification/department', 'DepartmentUnknown', { department });
  }
}

function checkShareType(draft: EntryDraft, known: Known, report: ReportFault): void {
  const { shareType, shareModes = [], withheldBasis, items = [] } = draft;
  if (shareType === undefined) return report('/shareType', 'Missing');
  // A single item may be withheld too, and rests on a law like a whole entry does.
  const isWithheld = shareType === 'withheld' || items.some((item) => item.shareType === 'withheld');
  if (shareType === 'withheld' && shareModes.length > 0) report('/shareModes', 'ModeNotAllowed');
  if (shareType !== 'withheld' && shareModes.length === 0) report('/shareModes', 'ModeMissing');
  if (new Set(shareModes).size < shareModes.length) report('/shareModes', 'Duplicate');
  if (isWithheld) checkBasis(draft, report);
  else if (withheldBasis !== undefined) report('/withheldBasis', 'BasisNotAllowed');
  if (shareType === 'conditional') checkConditions(draft, known, report);
  else if (draft.conditions !== undefined) report('/conditions', 'ConditionsNotAllowed');
}

/** Art.12: a conditional entry states scope and purposes; the departments only where not all may ask. */
function checkConditions({ conditions }: EntryDraft, known: Known, report: ReportFault): void {
  if (conditions === undefined) return report('/conditions', 'ConditionsMissing');
  const { scope, purposes, departments } = conditions;
  if (isBlank(scope)) report('/conditions/scope', 'Missing');
  if (purposes.length === 0) report('/conditions/purposes', 'Missing');
  purposes.forEach((purpose, index) => {
    if (isBlank(purpose)) report(`/conditions/purposes/${index}`, 'Missing');
    else if (purposes.indexOf(purpose) < index) report(`/conditions/purposes/${index}`, 'Duplicate');
  });
  if (departments?.length === 0) report('/conditions/departments', 'Missing');
  departments?.forEach((department, index) => {
    if (known.departments?.includes(department) !== false) return;
    report(`/conditions/departments/${index}`, 'DepartmentUnknown', { department });
  });
}

/** Art.12: the three that may withhold, and no other; the document and the article by name. */
function checkBasis({ withheldBasis }: EntryDraft, report: ReportFault): void {
  if (withheldBasis === undefined) return report('/withheldBasis', 'BasisMissing');
  const { document, level, article } = withheldBasis;
  if (isBlank(document)) report('/withheldBasis/document', 'Missing');
  if (!BASIS_LEVELS.includes(level)) report('/withheldBasis/level', 'LevelUnknown');
  if (isBlank(article)) report('/withheldBasis/article', 'Missing');
}

const WIDTH: Readonly<Record<Openness, number>> = { closed: 0, conditional: 1, unconditional: 2 };

/** What is withheld is closed; personal information is not opened by masking it (个人信息保护法 Art.73). */
function checkOpenness({ openness = 'closed', ...draft }: EntryDraft, report: ReportFault): void {
  const { shareType, opennessConditions, items = [] } = draft;
  if (shareType === 'withheld' && openness !== 'closed') report('/openness', 'OpennessNotAllowed');
  if (openness === 'conditional' && isBlank(opennessConditions)) {
    report('/opennessConditions', 'OpennessConditionsMissing');
  }
  if (openness !== 'conditional' && opennessConditions !== undefined) {
    report('/opennessConditions', 'OpennessConditionsNotAllowed');
  }
  items.forEach((item, index) => {
    const own = item.openness ?? openness;
    const pointer = `/items/${index}/openness`;
    if (WIDTH[own] > WIDTH[openness]) report(pointer, 'OpennessWider');
    else if (item.personal && own !== 'closed') report(pointer, 'PersonalNotOpened');
    else if (item.shareType === 'withheld' && own !== 'closed') report(pointer, 'OpennessNotAllowed');
  });
}

function checkReferences({ mount, related = [] }: EntryDraft, known: Known, report: ReportFault): void {
  related.forEach((id, index) => {
    if (related.indexOf(id) < index) report(`/related/${index}`, 'Duplicate');
    else if (known.entries?.includes(id) === false) report(`/related/${index}`, 'RelatedUnknown', { entry: id });
  });
  // 挂接 often comes after publication: until then nobody can ask for the entry.
  if (mount === undefined) return;
  for (const [field, value] of Object.entries(mount)) {
    if (field !== 'path' && isBlank(value as string)) report(`/mount/${field}`, 'Missing');
  }
  if ('file' in mount && !isBlank(mount.file) && !FILES.test(mount.file)) report('/mount/file', 'FileKindUnknown');
  const isForeign = !isBlank(mount.sourceId) && known.sources?.includes(mount.sourceId) === false;
  if (isForeign) report('/mount/sourceId', 'SourceUnknown', { source: mount.sourceId });
}
