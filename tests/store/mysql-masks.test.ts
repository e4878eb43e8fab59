import fc from 'fast-check';
import type { Session } from '../../activities/transfer/connector.ts';
import { databaseSource } from '../../activities/transfer/databases.ts';
import { MASK_RULES, type MaskRule } from '../../domain/catalogue.ts';
import { mask } from '../../domain/masking.ts';
import { type MariaDatabase, type MariaDb, startMariaDb } from '../support/mariadb.ts';
import { MASKING_VECTORS, PSEUDONYMS } from '../unit/masking-vectors.ts';

let server: MariaDb;
let database: MariaDatabase;
beforeAll(async () => {
  server = await startMariaDb();
  database = await server.database();
}, 60_000);
afterAll(() => server.stop());

const source = () => databaseSource('source', 'masks', database.url);

describe('masking in MariaDB', () => {
  let session: Session;
  beforeAll(async () => {
    session = await source().open('masks', undefined, PSEUDONYMS.settings());
    await session.run(
      'create temporary table vectors (n int, value text character set utf8mb4 collate utf8mb4_general_ci)',
    );
  });
  afterAll(() => session.close());

  async function maskedInSql(rule: MaskRule, values: readonly (string | null)[]): Promise<(string | null)[]> {
    await session.run('delete from vectors');
    await session.rows(
      `insert into vectors values ${values.map(() => '(?, ?)').join(', ')}`,
      values.flatMap((value, n) => [n, value]),
    );
    const { words } = session.dialect;
    const masked = words.mask(rule, words.text('s.value', undefined));
    const rows = await session.rows<{ masked: string | null }>(
      `select ${masked} as masked from vectors as s order by n`,
    );
    return rows.map(({ masked: one }) => one);
  }

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

  const parts = fc.constantFrom(
    ...'辽宁省 内蒙古自治区 沈阳市 大兴安岭地区 和平区 法库县 新民市 前旗 小区 园区 南京街 12号 A座 \n @ a example.com 欧阳 张 𠮷 😀 138 0000 区 市 县 * \\ '.split(
      ' ',
    ),
  );
  const text = fc.oneof(
    fc.array(parts, { maxLength: 9 }).map((all) => all.join('')),
    fc.string({ unit: 'binary', maxLength: 30 }).map((any) => any.replaceAll('\0', '')),
  );

  it('makes the same of any text at all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MASK_RULES),
        fc.array(text, { minLength: 1, maxLength: 60 }),
        async (rule, values) => {
          expect(await maskedInSql(rule, values)).toEqual(values.map((value) => mask(rule, value, PSEUDONYMS.of)));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('makes no pseudonyms in a session that was not opened for them', async () => {
    const other = await source().open('masks');
    const { words } = other.dialect;
    await expect(other.rows(`select ${words.mask('pseudonym', words.text("'1'", undefined))}`)).rejects.toMatchObject({
      code: 'Unknown',
    });
    await other.close();
  });
});

it('a server that writes down every statement is not told the salt of the pseudonyms', async () => {
  await server.admin('set global general_log = 1');
  const opened = source().open('masks', undefined, PSEUDONYMS.settings());
  await expect(opened).rejects.toMatchObject({
    code: 'AccessRefused',
    params: { detail: expect.stringContaining('general_log') },
  });
  await server.admin('set global general_log = 0');
  const session = await source().open('masks', undefined, PSEUDONYMS.settings());
  await session.close();
});
