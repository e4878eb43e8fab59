import fc from 'fast-check';
import { MASK_RULES, type MaskRule } from '../../domain/catalogue.ts';
import { mask } from '../../domain/masking.ts';
import { MASKING_VECTORS, PSEUDONYMS } from '../unit/masking-vectors.ts';

/** What addresses, names and numbers are made of, in any order. */
const PARTS =
  '辽宁省 内蒙古自治区 沈阳市 大兴安岭地区 和平区 法库县 新民市 前旗 小区 园区 南京街 12号 A座 \n @ a example.com 欧阳 张 𠮷 😀 138 0000 区 市 县 * \\ '.split(
    ' ',
  );

type Texts = readonly (string | null)[];

/** What masks in the SQL of every database have to pass: the same as the pure function makes. */
export function maskTests(maskedInSql: (rule: MaskRule, values: Texts) => Promise<Texts>): void {
  it('makes of every vector what the pure function makes of it', async () => {
    for (const rule of MASK_RULES) {
      const vectors = MASKING_VECTORS.filter(([of]) => of === rule);
      const values = vectors.map(([, value]) => value);
      expect(await maskedInSql(rule, values)).toEqual(vectors.map(([, , made]) => made));
    }
  });

  it('makes the same of any text at all', async () => {
    const text = fc.oneof(
      fc.array(fc.constantFrom(...PARTS), { maxLength: 9 }).map((all) => all.join('')),
      fc.string({ unit: 'binary', maxLength: 30 }).map((any) => any.replaceAll('\0', '')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MASK_RULES),
        fc.array(text, { minLength: 1, maxLength: 60 }),
        async (rule, values) => {
          expect(await maskedInSql(rule, values)).toEqual(values.map((value) => mask(rule, value, PSEUDONYMS.of)));
        },
      ),
      { numRuns: 120 },
    );
  });
}
