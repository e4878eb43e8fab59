import type { Session } from '../../activities/transfer/connector.ts';
import { databaseSource } from '../../activities/transfer/databases.ts';
import type { MaskRule } from '../../domain/catalogue.ts';
import { type MariaDatabase, type MariaDb, startMariaDb } from '../support/mariadb.ts';
import { maskTests } from '../support/mask-tests.ts';
import { PSEUDONYMS } from '../unit/masking-vectors.ts';

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

  maskTests(maskedInSql);

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
