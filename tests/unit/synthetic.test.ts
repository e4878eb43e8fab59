import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot } from '../../config.ts';
import { isCreditCode, isIdCard } from '../../domain/check-digits.ts';
import { isDate } from '../../domain/civil-date.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { scattered } from '../../seed/random.ts';
import { companies, persons, sealedRecords } from '../../seed/synthetic.ts';
import type { Place } from '../../seed/synthetic.ts';
import { readPlaces } from '../../seed/tables.ts';

let places: Place[];

beforeAll(async () => {
  places = await readPlaces(join(projectRoot, 'data'));
});

const column = (entryId: string, itemId: string): number => {
  const entry = catalogue.find((candidate) => candidate.id === entryId);
  return entry?.items.findIndex((item) => item.id === itemId) ?? -1;
};

test('addresses are put together from the 181 townships of Shenyang’s 13 districts', () => {
  expect(places).toHaveLength(181);
  expect(new Set(places.map((place) => place.districtCode)).size).toBe(13);
});

test('twenty thousand made-up persons have distinct valid numbers that agree with sex, birth date and district', () => {
  const at = (item: string): number => column('persons', item);
  const [number, sex, birth, district] = [at('id_card'), at('sex'), at('birth_date'), at('district_code')];
  const seen = new Set<string>();
  for (const row of persons({ count: 20_000, seed: 1, places })) {
    const idCard = row[number] ?? '';
    seen.add(idCard);
    const agrees =
      isIdCard(idCard) &&
      idCard.slice(0, 6) === row[district] &&
      idCard.slice(6, 14) === row[birth]?.replaceAll('-', '') &&
      (Number(idCard.charAt(16)) % 2 === 1) === (row[sex] === '男');
    if (!agrees) expect(row).toBe('a person whose number agrees with the rest');
  }
  expect(seen.size).toBe(20_000);
});

test('twenty thousand made-up companies have distinct valid credit codes', () => {
  const codes = [...companies({ count: 20_000, seed: 1, places })].map((row) => row[0] ?? '');
  expect(codes.filter((code) => !isCreditCode(code))).toEqual([]);
  expect(new Set(codes).size).toBe(20_000);
});

test('the same order gives the same rows, and a bigger one begins with them', () => {
  for (const make of [companies, persons, sealedRecords]) {
    const small = [...make({ count: 50, seed: 7, places })];
    expect([...make({ count: 50, seed: 7, places })]).toEqual(small);
    expect([...make({ count: 120, seed: 7, places })].slice(0, 50)).toEqual(small);
    expect([...make({ count: 50, seed: 8, places })]).not.toEqual(small);
  }
});

test('every value fits the length that its item declares', () => {
  for (const [id, make] of [
    ['companies', companies],
    ['persons', persons],
  ] as const) {
    const items = catalogue.find((entry) => entry.id === id)?.items ?? [];
    for (const row of make({ count: 3_000, seed: 2, places })) {
      expect(row).toHaveLength(items.length);
      const tooLong = items.filter(
        (item, index) => item.type === 'C' && (row[index]?.length ?? 0) > (item.length ?? 0),
      );
      if (tooLong.length > 0) expect(row).toBe(`a row whose ${tooLong[0]?.id} fits`);
    }
  }
});

test('mobiles, plates, mail addresses and dates have the form of real ones', () => {
  for (const row of persons({ count: 2_000, seed: 3, places })) {
    expect(row[column('persons', 'mobile')] ?? '13000000000').toMatch(/^1[3-9]\d{9}$/);
    expect(row[column('persons', 'plate')] ?? '辽A00000').toMatch(/^辽A[0-9A-HJ-NP-Z]\d{4,5}$/);
    expect(row[column('persons', 'email')] ?? 'a10@example.com').toMatch(/^[a-z]+\d\d@example\.(com|net|org)$/);
    expect(isDate(row[column('persons', 'birth_date')] ?? '')).toBe(true);
  }
});

test('scattered numbers never meet', () => {
  const size = 31 ** 3;
  fc.assert(
    fc.property(
      fc.nat(size - 1),
      fc.nat(size - 1),
      (a, b) => a === b || scattered(a, 7_368_787, size) !== scattered(b, 7_368_787, size),
    ),
  );
});
