import { type Api, startApi } from '../support/api.ts';
import {
  AUTHORITY,
  differencesOf,
  inDepartment,
  LEFT,
  publishEntry,
  reconciled,
  RIGHT,
  townships,
} from '../support/reconciliations.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

interface Township {
  code: string;
  name: string;
  parent_code: string;
}

interface Explained extends Readonly<Record<'on' | 'before' | 'after', string | null>> {
  readonly shown: readonly (string | null)[];
}

const IN_SHENYANG = `select code, name, parent_code from public.divisions_2026 where level = 4 and code like '2101%'`;
const STREETS = `select rpad(code, 12, '0') as code, name, rpad(parent_code, 12, '0') as parent_code
  from public.divisions_villages where level = 4`;

/** The same comparison by a full join of PostgreSQL over both tables, brought together. */
async function joined(on: string, same: string) {
  const left = await inDepartment<Township>(api, 'civil-affairs', IN_SHENYANG);
  const right = await inDepartment<Township>(api, 'statistics', STREETS);
  const { rows } = await api.engine.platform.knex.raw(
    `with l as (select * from jsonb_to_recordset(?::jsonb) as v(code text, name text, parent_code text)),
          r as (select * from jsonb_to_recordset(?::jsonb) as v(code text, name text, parent_code text))
     select count(*) filter (where r.code is null)::int as "only-left", count(*) filter (where l.code is null)::int as "only-right",
            count(*) filter (where not (${same}))::int as differs, count(*) filter (where ${same})::int as same,
            json_agg(json_build_array(l.code, r.code, l.name, r.name) order by coalesce(l.code, r.code) collate "C")
              filter (where (${same}) is not true) as differences
       from l full join r on ${on}`,
    [JSON.stringify(left), JSON.stringify(right)],
  );
  const { 'only-left': onlyLeft, 'only-right': onlyRight, ...rest } = rows[0];
  return { left, right, kinds: { 'only-left': onlyLeft, 'only-right': onlyRight, differs: rest.differs }, ...rest };
}

test('the 181 townships of 2026 against the 190 streets of the earlier edition: what differs is what a join of both says', async () => {
  const expected = await joined('l.code = r.code', 'l.name = r.name and l.parent_code = r.parent_code');
  expect([expected.left.length, expected.right.length]).toEqual([181, 190]);
  const done = await reconciled(api, townships());
  expect(done).toMatchObject({
    status: 'done',
    run: 1,
    failure: null,
    counts: {
      left: { version: 1, rows: 181, withoutKey: 0 },
      right: { version: 1, rows: 190, withoutKey: 0 },
      same: expected.same,
      differences: { ...expected.kinds, repeated: 0 },
      truncated: false,
    },
    open: expected.differences.length,
    settled: 0,
  });
  const differences = await differencesOf(api, done.id, { query: 'limit=50' });
  const shown = differences.map(({ kind, key: [code], values: [name] }) => [
    kind === 'only-right' ? null : code,
    kind === 'only-left' ? null : code,
    name.left,
    name.right,
  ]);
  expect(shown).toEqual(expected.differences);
  const filtered = await differencesOf(api, done.id, { query: 'limit=200&kind=only-right&state=open' });
  expect(filtered).toHaveLength(expected.kinds['only-right']);
});

test('by district and name instead of the code: towns that are the same and have another code', async () => {
  const on = 'l.parent_code = r.parent_code and l.name = r.name';
  const expected = await joined(on, 'l.code = r.code');
  const done = await reconciled(
    api,
    townships({
      key: [
        { left: 'parent_code', right: 'parent_code', width: 12 },
        { left: 'name', right: 'name' },
      ],
      compare: [{ left: 'code', right: 'code', width: 12 }],
    }),
  );
  expect(done.counts).toMatchObject({ same: expected.same, differences: expected.kinds });
});

test('the export says the same, for whoever may see it', async () => {
  const { id, open } = await reconciled(api, townships());
  const { body, headers } = await api.ask(RIGHT, 'GET', `/api/reconciliations/${id}/export`);
  expect(headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
  const [heading, ...rows] = body.trim().split('\r\n');
  expect(heading).toContain('区划代码 / 统计用区划代码,左 left：区划名称,右 right：名称');
  expect(rows).toHaveLength(open);
  expect(rows.join('\n')).toContain('仅右方有 only right,210106401000,,沈阳市经济技术开发区');
  expect((await api.ask('transport.reviewer', 'GET', `/api/reconciliations/${id}/export`)).status).toBe(404);
});

test('it runs once for one key, and lists for those whose data it is', async () => {
  const body = townships({ name: '一次' });
  const first = await api.ask(AUTHORITY, 'POST', '/api/reconciliations', { body, key: 'once' });
  const again = await api.ask(AUTHORITY, 'POST', '/api/reconciliations', { body, key: 'once' });
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  const names = async (account: string) =>
    (await api.ask(account, 'GET', '/api/reconciliations')).body.items.map(({ name }: { name: string }) => name);
  expect((await names(LEFT))[0]).toBe('一次');
  expect(await names('auditor')).toEqual(await names(RIGHT));
  expect(await names('transport.reviewer')).toEqual([]);
});

test('the history of codes explains what was merged or named anew, by what it says itself', async () => {
  await inDepartment(
    api,
    'statistics',
    'drop table if exists counties',
    `create table counties as select rpad(code, 12, '0') as no, name, name as note, 1 as amount, null::timestamp as seen, '' as big
       from divisions_villages where level = 3`,
    'grant select on counties to public',
    // As they were before 2006 and 2016.
    `update counties set no = '210122000000', note = '辽中县' where no = '210115000000'`,
    `update counties set note = '新城子区' where no = '210113000000'`,
  );
  await publishEntry(api, {
    id: 'counties',
    provider: 'statistics',
    shareType: 'unconditional',
    mount: { sourceId: 'statistics-main', schema: 'public', table: 'counties' },
  });
  const { scope } = townships()['left'] as { scope: { all: object[] } };
  const { id, open } = await reconciled(api, {
    name: '沈阳市县级区划核对',
    left: { entryId: 'divisions-2026', scope: { all: [{ item: 'level', operator: 'eq', value: 3 }, scope.all[1]] } },
    right: { entryId: 'counties' },
    key: [{ left: 'code', right: 'no' }],
    compare: [{ left: 'name', right: 'note' }],
    explainedBy: {
      entryId: 'division-code-changes',
      before: 'old_code',
      after: 'new_code',
      on: 'year',
      show: ['change_type', 'old_name', 'new_name'],
    },
  });
  expect(open).toBe(3);
  const history = await inDepartment<{ code: string; said: string[] }>(
    api,
    'civil-affairs',
    `select code, array_agg(concat_ws(' ', year, old_code, new_code, change_type, old_name, new_name) order by year, old_code, new_code) as said
       from division_code_changes, unnest(array['210113000000', '210115000000', '210122000000']) as code
      where code in (old_code, new_code) group by code order by code`,
  );
  const differences = await differencesOf(api, id);
  const said = differences.map(({ key, explanations }) => ({
    code: key[0],
    said: explanations.map(({ on, before, after, shown }: Explained) =>
      [on, before, after, ...shown].filter((part) => part !== null).join(' '),
    ),
  }));
  expect(said).toEqual(history);
  expect(history.map(({ said: [first] }) => first)).toContain('2016 210122000000 210115000000 撤县设区 辽中县 辽中区');
});

test('a township is explained by what became of its district, where the digits of districts are given', async () => {
  const explainedBy = {
    entryId: 'division-code-changes',
    before: 'old_code',
    after: 'new_code',
    on: 'year',
    digits: 6,
  };
  const { id } = await reconciled(api, townships({ explainedBy }));
  const differences = await differencesOf(api, id);
  const inLiaozhong = differences.filter(({ key }) => key[0].startsWith('210115'));
  expect(inLiaozhong.length).toBeGreaterThan(0);
  for (const { explanations } of inLiaozhong)
    expect(explanations).toContainEqual({ on: '2016', before: '210122000000', after: '210115000000', shown: [] });
});
