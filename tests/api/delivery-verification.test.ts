import { type Api, startApi } from '../support/api.ts';
import { santong } from '../support/cli.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { connected } from '../support/transfer.ts';
import { until } from '../support/until.ts';

let api: Api;
let grantId: string;
let table: string;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  ({ grantId } = await grantedCase(api));
  const first = await deliveryOf(api, grantId);
  table = `received."${first.manifest.target.table}"`;
  for (const n of [2, 3]) await deliverAgain(n);
}, 120_000);
afterAll(() => api.close());

async function deliverAgain(n: number): Promise<void> {
  // The grant takes the next one once it has heard of the last.
  await deliveryOf(api, grantId);
  await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`);
  await until(async () => (await delivery(n)).status === 'delivered');
}

const delivery = async (n: number) => (await api.ask('auditor', 'GET', `/api/deliveries/${grantId}.${n}`)).body;

const verify = (n: number, account = 'auditor', headers = {}) =>
  api.ask(account, 'POST', `/api/deliveries/${grantId}.${n}/verification`, { headers });

const inTarget = (sql: string) => connected(api.engine.departmentUrl('civil-affairs'), (client) => client.query(sql));

/** Does something to a database, looks, and undoes it. */
async function meanwhile(does: string, undo: string, look: () => Promise<void>): Promise<void> {
  await inTarget(does);
  try {
    await look();
  } finally {
    await inTarget(undo);
  }
}

async function cli(n: number, ...more: string[]) {
  const place = { dataDir: api.engine.dataDir, url: api.url };
  return santong(place, '--account', 'auditor', 'delivery', 'verify', `${grantId}.${n}`, ...more);
}

test('what was delivered and not touched is as it was delivered, and its chain is whole', async () => {
  for (const account of [REQUESTER, 'public-security.lead', 'data-bureau.authority', 'auditor']) {
    expect(await verify(3, account)).toMatchObject({
      status: 200,
      body: { verdict: 'matches', found: [], listing: 'same', chain: { verdict: 'whole', length: 3 } },
    });
  }
  const ran = await cli(3);
  expect(ran.exit).toBe(0);
  expect(ran.out).toContain('与交付时一致 (matches)');
});

test('each manifest holds the digest of the one before it', async () => {
  const [one, two, three] = await Promise.all([1, 2, 3].map((n) => delivery(n)));
  expect(two.manifest.previous).toBe(one.manifestDigest);
  expect(three.manifest.previous).toBe(two.manifestDigest);
  expect(one.manifest.previous).toMatch(/^[0-9a-f]{64}$/);
});

test('asked again under the same key the answer is that of the first time, and another body is refused', async () => {
  const ask = (body: unknown = {}) =>
    api.ask('auditor', 'POST', `/api/deliveries/${grantId}.3/verification`, { key: 'verify-once', body });
  const first = await ask();
  await meanwhile(`delete from ${table}`, 'select 1', async () => {
    expect((await ask()).body).toEqual(first.body);
    expect((await verify(3)).body).toMatchObject({ verdict: 'differs', found: [{ code: 'RowsFewer' }] });
  });
  await deliverAgain(4);
});

test('a delivery that another one has replaced is told to be, with its chain up to there', async () => {
  expect((await verify(2)).body).toMatchObject({
    verdict: 'superseded',
    content: { verdict: 'superseded', by: `${grantId}.4` },
    found: [{ code: 'Superseded' }],
    chain: { verdict: 'whole', length: 2 },
  });
  expect((await cli(2)).exit).toBe(7);
});

test('rows that are more, fewer or other are told in words', async () => {
  const { rows } = (await delivery(4)).manifest;
  await meanwhile(
    `insert into ${table} select '9' || substr(id_card, 2), name, address, mobile from ${table} limit 1`,
    `delete from ${table} where id_card like '9%'`,
    async () => {
      const { body } = await verify(4, REQUESTER, { 'Accept-Language': 'zh-CN' });
      expect(body).toMatchObject({ verdict: 'differs', content: { rows: rows + 1 }, expected: { rows } });
      const message = `目标表比交付时多1行（交付${rows}行，现有${rows + 1}行）。`;
      expect(body.found).toEqual([{ code: 'RowsMore', params: { by: 1, rows, found: rows + 1 }, message }]);
    },
  );
  await meanwhile(
    `update ${table} set name = name || '!'`,
    `update ${table} set name = trim('!' from name)`,
    async () => {
      const { body } = await verify(4, REQUESTER, { 'Accept-Language': 'en' });
      expect(body).toMatchObject({ verdict: 'differs', content: { verdict: 'differs', rows } });
      expect(body.found[0].message).toContain('other content');
      const ran = await cli(4);
      expect(ran.exit).toBe(10);
      expect(ran.out).toContain('摘要不一致');
    },
  );
});

test('a table or list that is gone, and a list that says something else, are told', async () => {
  await meanwhile(
    `alter table ${table} rename to elsewhere`,
    `alter table received.elsewhere rename to ${table.slice(9)}`,
    async () => expect((await verify(4)).body).toMatchObject({ verdict: 'differs', found: [{ code: 'TableMissing' }] }),
  );
  const own = `delivery_id = '${grantId}.4'`;
  await meanwhile(
    `update received.deliveries set manifest = manifest || '{"rows": 1}' where ${own}`,
    `update received.deliveries set manifest = manifest || jsonb_build_object('rows', rows) where ${own}`,
    async () =>
      expect((await verify(4)).body).toMatchObject({ verdict: 'differs', found: [{ code: 'ListingAltered' }] }),
  );
  await meanwhile(
    `insert into received.deliveries select 'x', grant_id, target_table, rows, bytes, sha256, manifest, now() + interval '1 day'
       from received.deliveries where ${own}`,
    "delete from received.deliveries where delivery_id = 'x'",
    async () =>
      expect((await verify(4)).body).toMatchObject({ verdict: 'differs', found: [{ code: 'SuccessorUnknown' }] }),
  );
});

test('a target that cannot be read is told, with what is known without it', async () => {
  const name = new URL(api.engine.departmentUrl('civil-affairs')).pathname.slice(1);
  await meanwhile(`alter role "${name}" nologin`, `alter role "${name}" login`, async () => {
    expect((await verify(4)).body).toMatchObject({
      verdict: 'unread',
      found: [{ code: 'TargetUnread', params: { code: 'AccessRefused' } }],
      chain: { verdict: 'whole', length: 4 },
    });
    expect((await cli(4)).exit).toBe(7);
  });
});

test('a manifest that the platform has altered or lost breaks the chain there, for all that came after it', async () => {
  const { knex } = api.engine.platform;
  const own = knex('deliveries').where({ id: `${grantId}.2` });
  const { manifest, manifest_digest: digest } = await own.clone().first();
  await own.clone().update({ manifest: JSON.stringify({ ...manifest, rows: 1 }) });
  const { body } = await verify(4, 'auditor', { 'Accept-Language': 'zh-CN' });
  expect(body).toMatchObject({ verdict: 'differs', chain: { verdict: 'broken', at: 2, why: 'altered' } });
  expect(body.found[0].message).toBe(`清单链在第2份（${grantId}.2）断开：该清单记录后被改动。`);
  expect((await verify(1)).body).toMatchObject({ verdict: 'superseded', chain: { verdict: 'whole', length: 1 } });
  await own.clone().update({ manifest: null, manifest_digest: null });
  expect((await verify(4)).body).toMatchObject({ chain: { verdict: 'broken', at: 2, why: 'missing' } });
  expect(await verify(2)).toMatchObject({ status: 409, body: { code: 'NotDelivered' } });
  await own.clone().update({ manifest: JSON.stringify(manifest), manifest_digest: digest });
  expect((await verify(4)).body).toMatchObject({ verdict: 'matches' });
});
