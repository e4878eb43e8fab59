import type { Entry } from '../../domain/catalogue.ts';
import { itemsWith } from '../../domain/matched-items.ts';

const items = ['身份证号', '姓名', '手机号码'].map((name, at) => ({ id: `ITEM${at}`, name, nameEn: `Field ${at}` }));
const entry = { items } as unknown as Entry;
const found = (...words: string[]): string[] => itemsWith(entry, words).map(({ name }) => name);

test('items are found by a part of their name, in either language, and by their id', () => {
  expect(found('号')).toEqual(['身份证号', '手机号码']);
  expect(found('field 1')).toEqual(['姓名']);
  expect(found('item2')).toEqual(['手机号码']);
  expect(found('姓名', '手机')).toEqual(['姓名', '手机号码']);
  expect(found('年龄')).toEqual([]);
  expect(found()).toEqual([]);
});

test('no more than six are told', () => {
  const many = Array.from({ length: 9 }, (_, at) => ({ id: `N${at}`, name: '名', nameEn: 'Name' }));
  expect(itemsWith({ items: many } as unknown as Entry, ['名'])).toHaveLength(6);
});
