import type { Entry, Item } from '../../domain/catalogue.ts';
import { differencesOf } from '../../domain/catalogue-difference.ts';
import { mergePatch, withValueAt } from '../../domain/merge-patch.ts';
import { catalogue } from '../../seed/catalogue.ts';

const before = catalogue.find(({ id }) => id === 'persons') as Entry;
const [first, second, ...others] = before.items as [Item, Item, ...Item[]];

test('a version differs in nothing from itself, whatever the platform gave it anew', () => {
  expect(differencesOf(before, { ...before, version: 2, publishedAt: '2026-12-01T00:00:00+08:00' })).toEqual([]);
});

test('fields differ by themselves, those that are made of others by their members', () => {
  const conditions = { ...before.conditions, scope: '全省', purposes: ['核验'] };
  const after = {
    ...before,
    name: '人口库',
    conditions,
    openness: 'closed' as const,
    classification: { base: '人口' },
  };
  expect(differencesOf(before, after)).toEqual([
    { pointer: '/name', change: 'changed', label: { zh: '名称', en: 'Name' }, before: before.name, after: '人口库' },
    expect.objectContaining({ pointer: '/classification/theme', change: 'removed', before: '城市大脑' }),
    expect.objectContaining({ pointer: '/conditions/scope', before: before.conditions?.scope, after: '全省' }),
    expect.objectContaining({ pointer: '/conditions/purposes', change: 'changed', after: ['核验'] }),
    { pointer: '/openness', change: 'added', label: { zh: '社会开放', en: 'Openness' }, after: 'closed' },
  ]);
});

test('items are matched by their ids: moving one is no difference; added, removed and changed ones are told', () => {
  const added = { ...first, id: 'added' };
  const after = { ...before, items: [{ ...second, length: 99 }, first, added, ...others.slice(1)] };
  const gone = others[0] as Item;
  expect(differencesOf(before, { ...before, items: [second, first, ...others] })).toEqual([]);
  expect(differencesOf(before, after)).toEqual([
    expect.objectContaining({ pointer: '/items/0/length', item: second.id, before: second.length, after: 99 }),
    expect.objectContaining({ pointer: '/items/2', item: 'added', change: 'added', after: added }),
    expect.objectContaining({ pointer: '/items/2', item: gone.id, change: 'removed', before: gone }),
  ]);
});

test('a merge patch follows RFC 7396: null removes, lists are replaced, objects are merged', () => {
  const target = { a: 'b', c: { d: 'e', f: 'g' }, list: [1, 2] };
  expect(mergePatch(target, { a: 'z', c: { f: null }, list: [3] })).toEqual({ a: 'z', c: { d: 'e' }, list: [3] });
  expect(mergePatch(['a'], { x: 1 })).toEqual({ x: 1 });
});

test('a value is put where a pointer leads, and nowhere else', () => {
  const document = { items: [{ id: 'a' }, { id: 'b' }] };
  expect(withValueAt(document, '/items/1/mask', 'name')).toEqual({ items: [{ id: 'a' }, { id: 'b', mask: 'name' }] });
  expect(withValueAt(document, '/items/-', { id: 'c' })).toEqual({ items: [...document.items, { id: 'c' }] });
  expect(withValueAt({}, '/classification/base', '人口')).toEqual({ classification: { base: '人口' } });
  for (const nowhere of ['items', '/items/3', '/items/x', '/items/0/id/x', '/__proto__/x']) {
    expect(withValueAt(document, nowhere, 1)).toBeUndefined();
  }
});
