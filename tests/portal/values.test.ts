import {
  BASIS_LEVELS,
  ITEM_TYPES as DOMAIN_ITEM_TYPES,
  MASK_RULES,
  OPENNESS as DOMAIN_OPENNESS,
} from '../../domain/catalogue.ts';
import { BASES as DOMAIN_BASES, THEMES as DOMAIN_THEMES } from '../../domain/classification.ts';
import { SHARE_MODES } from '../../domain/language.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { CASE_STATUSES } from '../../api/routes/cases/schema.ts';
import { READ_KINDS } from '../../store/reads.ts';
import auditWords from '../../portal/src/areas/audit/zh-CN.json' with { type: 'json' };
import { READ_KINDS as OFFERED_READS } from '../../portal/src/areas/audit/reads.ts';
import { BASES, ITEM_TYPES, LEVELS, MASKS, MODES, OPENNESS, THEMES } from '../../portal/src/areas/provide/values.ts';
import { KINDS, STATUSES } from '../../portal/src/lib/kinds.ts';
import words from '../../portal/src/messages/zh-CN.json' with { type: 'json' };

// The portal shares no code with the API. What it offers by name is what there is, or somebody could not choose it.
test.each<[string, readonly string[], readonly string[]]>([
  ['kinds of cases', KINDS, ['share-request', ...PROCESSES.map(({ id }) => id)]],
  ['statuses of cases', STATUSES, CASE_STATUSES],
  ['base classes', BASES, DOMAIN_BASES],
  ['themes', THEMES, DOMAIN_THEMES],
  ['types of items', ITEM_TYPES, DOMAIN_ITEM_TYPES],
  ['masks', MASKS, MASK_RULES],
  ['modes', MODES, SHARE_MODES],
  ['degrees of openness', OPENNESS, DOMAIN_OPENNESS],
  ['levels of a basis', LEVELS, BASIS_LEVELS],
  ['kinds of reads', OFFERED_READS, READ_KINDS],
])('the %s that the portal offers are those that there are', (_, offered, known) => {
  expect(offered.toSorted()).toEqual(known.toSorted());
});

test('every kind, every status and every read has a word', () => {
  expect(Object.keys(auditWords.read).toSorted()).toEqual([...READ_KINDS].toSorted());
  expect(Object.keys(words.kind).toSorted()).toEqual([...KINDS].toSorted());
  expect(Object.keys(words.status)).toEqual(expect.arrayContaining([...STATUSES]));
});
