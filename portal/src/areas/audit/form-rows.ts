import type { CaseDetail } from '../../api/types.ts';
import { i18n } from '../../i18n.ts';
import type { Resource } from '../../lib/case-queries.ts';
import { named, word } from '../../lib/names.ts';
import { scopeWords } from '../../lib/scope-words.ts';
import { sizeWords } from '../../lib/sizes.ts';

export interface FormRow {
  readonly part: string;
  readonly text: string;
}

const NAMED = 4;

/** A form by its parts, in words: of a share request with the names of its items, of any other process by its fields. */
export function formRows(detail: CaseDetail, resources: readonly Resource[]): FormRow[] {
  const { application, content } = detail;
  if (!application) return Object.entries(content ?? {}).map(([part, value]) => ({ part, text: textOf(value) }));
  const several = resources.length > 1;
  const ofEach = (say: (one: Resource) => string): string =>
    resources.map((one) => (several ? `${named(one.entry)}：${say(one)}` : say(one))).join('\n');
  const { period, attachments } = application;
  return [
    { part: 'entry', text: ofEach(({ entry }) => `${named(entry)} v${entry.version}`) },
    { part: 'items', text: ofEach(({ items }) => listed(items.map(named))) },
    { part: 'rowScope', text: ofEach(({ rowScope, entry }) => scopeWords(rowScope, entry.items)) },
    { part: 'masks', text: ofEach(masksOf) },
    { part: 'purpose', text: application.purpose },
    { part: 'legalBasis', text: application.legalBasis },
    { part: 'scenario', text: application.scenario },
    { part: 'mode', text: word('mode', application.mode) },
    { part: 'period', text: `${period.from} – ${period.to}` },
    {
      part: 'attachments',
      text:
        attachments.length === 0
          ? i18n.global.t('files.none')
          : attachments.map(({ name, size, sha256 }) => `${name} ${sizeWords(size)} ${sha256.slice(0, 12)}`).join('\n'),
    },
  ];
}

function masksOf({ items, masks }: Resource): string {
  const masked = items.flatMap((item) => {
    const mask = masks[item.id];
    return mask === undefined || mask === 'none' ? [] : [`${named(item)} ${word('mask', mask)}`];
  });
  return masked.length === 0 ? word('mask', 'none') : masked.join('、');
}

function listed(names: readonly string[]): string {
  const { t } = i18n.global;
  if (names.length <= NAMED * 2) return names.join('、');
  return t('audit.andMore', { names: names.slice(0, NAMED).join('、'), n: names.length });
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value, undefined, 1);
}
