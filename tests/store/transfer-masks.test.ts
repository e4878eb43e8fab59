import fc from 'fast-check';
import type { Session } from '../../activities/transfer/connector.ts';
import { postgresSource } from '../../activities/transfer/postgresql/session.ts';
import { maskSql } from '../../sources/postgresql/masks.ts';
import { MASK_RULES, type MaskRule } from '../../domain/catalogue.ts';
import { mask } from '../../domain/masking.ts';
import { departmentDatabase, type DepartmentDatabase } from '../support/servers.ts';
import { MASKING_VECTORS, PSEUDONYMS } from '../unit/masking-vectors.ts';

let database: DepartmentDatabase;
let session: Session;
beforeAll(async () => {
  database = await departmentDatabase('public-security');
  session = await postgresSource('source', 'masks', database.url).open('masks', undefined, PSEUDONYMS.settings());
});
afterAll(async () => {
  await session.close();
  await database.drop();
});

/** What addresses, names and numbers are made of, in any order. */
const PARTS =
  '辽宁省 内蒙古自治区 沈阳市 大兴安岭地区 和平区 法库县 新民市 前旗 小区 园区 南京街 12号 A座 \n @ a example.com 欧阳 张 𠮷 😀 138 0000 区 市 县 * \\ '.split(
    ' ',
  );

async function maskedInSql(rule: MaskRule, values: readonly (string | null)[]): Promise<(string | null)[]> {
  const rows = await session.rows<{ masked: string | null }>(
    `select ${maskSql(rule, 's.value')} as masked
       from json_array_elements_text($1::json) with ordinality as s(value, n) order by n`,
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
          expect(await maskedInSql(rule, values)).toEqual(values.map((value) => mask(rule, value, PSEUDONYMS.of)));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('makes no pseudonyms in a session that was not opened for them', async () => {
    const other = await postgresSource('source', 'masks', database.url).open('masks');
    await expect(other.rows(`select ${maskSql('pseudonym', "'1'")}`)).rejects.toMatchObject({ code: 'Unknown' });
    await other.close();
  });

  it('keeps what the address itself asks of the session', async () => {
    const url = `${database.url}&options=${encodeURIComponent('-c work_mem=7MB')}`;
    const other = await postgresSource('source', 'masks', url).open('masks', undefined, PSEUDONYMS.settings());
    const found = await other.rows(
      `select current_setting('work_mem') as memory, ${maskSql('pseudonym', "'1'")} as one`,
    );
    expect(found).toEqual([{ memory: '7MB', one: PSEUDONYMS.of('1') }]);
    await other.close();
  });

  it('makes the same pseudonyms in a database of another encoding', async () => {
    const name = `${database.name}_cn`;
    const admin = await postgresSource('source', 'masks', database.adminUrl).open('masks');
    await admin.run(`create database ${name} encoding 'EUC_CN' locale 'C' template template0`);
    const address = new URL(database.adminUrl);
    address.pathname = name;
    const other = await postgresSource('source', 'masks', address.href).open('masks', undefined, PSEUDONYMS.settings());
    const found = await other.rows<{ one: string }>(`select ${maskSql('pseudonym', '$1::text')} as one`, [
      '沈阳市和平区',
    ]);
    expect(found).toEqual([{ one: PSEUDONYMS.of('沈阳市和平区') }]);
    await other.close();
    await admin.run(`drop database ${name}`);
    await admin.close();
  });
});
