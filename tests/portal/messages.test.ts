import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';

const source = join(projectRoot, 'portal', 'src');

function keysOf(messages: object, prefix = ''): Map<string, string> {
  const entries = Object.entries(messages).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + name, value]] : [...keysOf(value as object, `${prefix}${name}.`)],
  );
  return new Map(entries);
}

const jsonOf = (path: string): object => JSON.parse(readFileSync(path, 'utf8')) as object;

/** The words of the whole portal, those of each area under its name. */
function read(locale: string): Map<string, string> {
  const areas = readdirSync(join(source, 'areas'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }): [string, object] => [name, jsonOf(join(source, 'areas', name, `${locale}.json`))]);
  return keysOf({ ...jsonOf(join(source, 'messages', `${locale}.json`)), ...Object.fromEntries(areas) });
}

const zh = read('zh-CN');
const en = read('en');

test('Chinese and English have the same messages, each with the same places to fill in', () => {
  expect([...en.keys()].toSorted()).toEqual([...zh.keys()].toSorted());
  const placesIn = (text: string | undefined) => [...new Set(text?.match(/\{\w+\}/g))].toSorted();
  for (const [key, text] of zh) expect([key, placesIn(en.get(key))]).toEqual([key, placesIn(text)]);
});

test('no message is empty, and none is left in the other language', () => {
  for (const [key, text] of [...zh, ...en]) expect([key, text.trim()]).not.toEqual([key, '']);
  const hasHan = (text: string): boolean => /\p{Script=Han}/u.test(text);
  expect([...en].filter(([, text]) => hasHan(text))).toEqual([]);
});

test('every message that a page asks for by name is there', () => {
  const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.(vue|ts)$/.test(entry.name) && entry.name !== 'schema.ts',
  );
  const asked = files.flatMap((entry) =>
    [...readFileSync(join(entry.parentPath, entry.name), 'utf8').matchAll(/(?<![\w.])\$?t\('([\w.-]+)'/g)].map(
      ([, key]) => key,
    ),
  );
  expect(asked.length).toBeGreaterThan(150);
  expect(asked.filter((key) => key === undefined || !zh.has(key))).toEqual([]);
});
