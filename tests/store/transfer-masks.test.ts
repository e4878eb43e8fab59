import type { Session } from '../../activities/transfer/connector.ts';
import { postgresSource } from '../../activities/transfer/postgresql/session.ts';
import { maskSql } from '../../sources/postgresql/masks.ts';
import type { MaskRule } from '../../domain/catalogue.ts';
import { maskTests } from '../support/mask-tests.ts';
import { departmentDatabase, type DepartmentDatabase } from '../support/servers.ts';
import { PSEUDONYMS } from '../unit/masking-vectors.ts';

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

async function maskedInSql(rule: MaskRule, values: readonly (string | null)[]): Promise<(string | null)[]> {
  const rows = await session.rows<{ masked: string | null }>(
    `select ${maskSql(rule, 's.value')} as masked
       from json_array_elements_text($1::json) with ordinality as s(value, n) order by n`,
    [JSON.stringify(values)],
  );
  return rows.map(({ masked }) => masked);
}

describe('masking where the data is', () => {
  maskTests(maskedInSql);

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
