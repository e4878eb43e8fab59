import { articleActions, type ArticleContent, articleFaults } from '../../domain/articles.ts';
import { policies } from '../../seed/articles/policies.ts';
import { training } from '../../seed/articles/training.ts';

const content = (changes: Partial<ArticleContent> = {}): ArticleContent => ({
  title: '通知',
  titleEn: '',
  summary: '说明',
  summaryEn: '',
  body: '正文',
  attachments: [],
  ...changes,
});
const pointers = (...args: Parameters<typeof articleFaults>) =>
  articleFaults(...args).map(({ pointer, code }) => [pointer, code]);

test('a draft may lack everything but its title; to be published a text and a summary, a policy who issued it and when', () => {
  const empty = content({ summary: '', body: '' });
  expect(pointers('policy', empty, false)).toEqual([]);
  expect(pointers('news', empty, true)).toEqual([
    ['/summary', 'Required'],
    ['/body', 'Required'],
  ]);
  expect(pointers('policy', content(), true)).toEqual([
    ['/issuedBy', 'Required'],
    ['/issuedOn', 'Required'],
  ]);
});

test('days that do not exist and files named twice are told together', () => {
  const wrong = content({ issuedOn: '2026-02-30', inForceFrom: 'soon', attachments: ['a', 'b', 'a'] });
  expect(pointers('news', wrong, false)).toEqual([
    ['/issuedOn', 'DateUnknown'],
    ['/inForceFrom', 'DateUnknown'],
    ['/attachments/2', 'Duplicate'],
  ]);
});

test.each([
  ['draft', true, ['publish']],
  ['published', false, ['withdraw']],
  ['published', true, ['publish', 'withdraw']],
  ['withdrawn', false, ['publish']],
] as const)('an article that is %s (changed: %s) can be %j', (status, isChanged, actions) => {
  expect(articleActions({ status, isChanged })).toEqual(actions);
});

test('what ships could be published: every article has what the public needs to know, in both languages', () => {
  for (const { kind, content: own } of [...policies, ...training]) {
    expect([own.title, articleFaults(kind, own, true)]).toEqual([own.title, []]);
    expect(own.titleEn).toMatch(/^[^\p{Script=Han}]+$/u);
    expect(own.summaryEn).toMatch(/^[^\p{Script=Han}]+$/u);
  }
});
