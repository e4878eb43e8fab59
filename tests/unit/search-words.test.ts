import { gramsOf, isGram, isShort, normalised, wordsOf } from '../../domain/search-words.ts';

test('width, case and spaces make no difference', () => {
  expect(normalised('  ＧＤＰ　统计\n年报 ')).toBe('gdp 统计 年报');
});

test('words are parted by spaces and list marks, counted once, and no more than eight', () => {
  expect(wordsOf('人口、住址，人口 ;ID')).toEqual(['人口', '住址', 'id']);
  expect(wordsOf(' 、 ')).toEqual([]);
  expect(wordsOf('一 二 三 四 五 六 七 八 九')).toHaveLength(8);
});

test('grams are what stands side by side, and none reaches over a space', () => {
  expect([...gramsOf('区划 ID')].toSorted()).toEqual(['d', 'i', 'id', '划', '区', '区划'].toSorted());
  expect([...gramsOf('行政区划图', { least: 3 })]).toEqual(['行政区', '行政区划', '政区划', '政区划图', '区划图']);
  expect([...gramsOf('区划图', { most: 2 })]).toEqual(['区', '区划', '划', '划图', '图']);
  expect([isGram('行政区划'), isGram('行政区划图')]).toEqual([true, false]);
  // A character outside the basic plane is one, not two halves.
  expect([...gramsOf('𠮷野')]).toEqual(['𠮷', '𠮷野', '野']);
  expect(isShort('𠮷野')).toBe(true);
  expect(isShort('行政区')).toBe(false);
});
