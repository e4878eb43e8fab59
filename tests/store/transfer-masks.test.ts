import fc from 'fast-check';
import { maskSql } from '../../activities/transfer/masks-sql.ts';
import { MASK_RULES, type MaskRule } from '../../domain/catalogue.ts';
import { mask } from '../../domain/masking.ts';
import { departmentDatabase, type DepartmentDatabase } from '../support/servers.ts';
import { MASKING_VECTORS } from '../unit/masking-vectors.ts';

let database: DepartmentDatabase;
beforeAll(async () => {
  database = await departmentDatabase('public-security');
});
afterAll(() => database.drop());

/** What addresses, names and numbers are made of, in any order. */
const PARTS =
  '辽宁省 内蒙古自治区 沈阳市 大兴安岭地区 和平区 法库县 新民市 前旗 小区 园区 南京街 12号 A座 \n @ a example.com 欧阳 张 𠮷 😀 138 0000 区 市 县 * \\ '.split(
    ' ',
  );

async function maskedInSql(rule: MaskRule, values: readonly (string | null)[]): Promise<(string | null)[]> {
  const { rows } = await database.knex.raw<{ rows: { masked: string | null }[] }>(
    `select ${maskSql(rule, 's.value').replaceAll('?', '\\?')} as masked
       from json_array_elements_text(?::json) with ordinality as s(value, n) order by n`,
    [JSON.stringify(values)],
  );
  return rows.map(({ masked }) => masked);
}

describe('masking where the data is', () => {
  it('makes of every vector what the pure function makes of it', async () => {
    for (const rule of MASK_RULES) {
      const vectors = MASKING_VECTORS.filter(([of]) => of === rule);
      expect(
        await maskedInSql(
          rule,
          vectors.map(([, value]) => value),
        ),
      ).toEqual(vectors.map(([, , made]) => made));
    }
  });

  it('makes the same of any text at all', async () => {
    const parts = fc.constantFrom(...PARTS);
    const text = fc.oneof(
      fc.array(parts, { maxLength: 9 }).map((all) => all.join('')),
      fc.string({ unit: 'binary', maxLength: 30 }).map((any) => any.replaceAll('\0', '')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MASK_RULES),
        fc.array(text, { minLength: 1, maxLength: 60 }),
        async (rule, values) => {
          expect(await maskedInSql(rule, values)).toEqual(values.map((value) => mask(rule, value)));
        },
      ),
      { numRuns: 150 },
    );
  });
});
