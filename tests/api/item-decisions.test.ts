import { publishWaiting } from '../../store/publish.ts';
import { type Answer, type Api, application, startApi } from '../support/api.ts';
import { santong } from '../support/cli.ts';
import { deliveryOf, REQUESTER } from '../support/grant.ts';
import { connected } from '../support/transfer.ts';
import { until } from '../support/until.ts';

let api: Api;
const LEAD = 'civil-affairs.lead';
const REVIEWER = 'public-security.reviewer';
const PROVIDER_LEAD = 'public-security.lead';
const STAGE = { [LEAD]: 'requester-lead', [REVIEWER]: 'provider-reviewer', [PROVIDER_LEAD]: 'provider-lead' };
const ITEMS = ['name', 'id_card', 'mobile', 'address'];

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

// oxlint-disable-next-line typescript/no-explicit-any -- a case as the API shows it
const shown = async (id: string, account = REQUESTER): Promise<any> =>
  (await api.ask(account, 'GET', `/api/cases/${id}`)).body;

async function file(): Promise<string> {
  const { status, body } = await api.ask(REQUESTER, 'POST', '/api/share-requests', {
    body: application({ items: ITEMS, reasons: Object.fromEntries(ITEMS.map((item) => [item, '核验户籍'])) }),
  });
  expect(status).toBe(201);
  return body.id;
}

async function approve(account: keyof typeof STAGE, id: string, more: Record<string, unknown> = {}): Promise<Answer> {
  const { form } = await shown(id, account);
  const body = { action: 'approve', seen: form.seen, ...more };
  return api.ask(account, 'POST', `/api/tasks/${id}.${STAGE[account]}.1/actions`, { body });
}

const out = (itemId: string, reason: string) => ({ refused: [{ itemId, reason }] });

test('three stages narrow a request, and the table that is delivered has exactly the columns that they left', async () => {
  const id = await file();
  expect((await shown(id)).form.seen).toBe((await shown(id)).form.digest);
  expect(await approve(LEAD, id, out('address', '核验不需要住址'))).toMatchObject({ status: 200 });
  const narrowed = await shown(id, REVIEWER);
  expect(narrowed.stages[1].items).toEqual([
    { entryId: 'persons', items: ['id_card', 'name', 'mobile'], scopedBy: ['name'] },
  ]);
  expect(narrowed.refused).toMatchObject([
    { entryId: 'persons', itemId: 'address', reason: '核验不需要住址', stage: 'requester-lead', by: { id: LEAD } },
  ]);
  const unseen = await approve(REVIEWER, id, { seen: narrowed.form.digest });
  expect(unseen).toMatchObject({ status: 409, body: { code: 'FormChanged', errors: [{ pointer: '/seen' }] } });
  expect(await approve(REVIEWER, id, out('mobile', '超出必要'))).toMatchObject({ status: 200 });
  expect(await approve(PROVIDER_LEAD, id)).toMatchObject({ status: 200 });

  const grantId = `${id}.grant`;
  const { manifest } = await deliveryOf(api, grantId);
  const { rows } = await connected(api.engine.departmentUrl('civil-affairs'), (client) =>
    client.query<{ name: string }>(
      `select column_name as name from information_schema.columns
        where table_schema = 'received' and table_name = '${manifest.target.table}' order by ordinal_position`,
    ),
  );
  expect(rows.map(({ name }) => name)).toEqual(['id_card', 'name']);
  const { body: grant } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}`);
  expect([grant.items, Object.keys(grant.masks).toSorted()]).toEqual([
    ['id_card', 'name'],
    ['id_card', 'name'],
  ]);
  await until(async () => (await shown(id)).status === 'partly-completed');
  expect((await shown(id)).refileUntil).toBeNull();

  // What stands for it: the replay, and each link from the delivery back to the signatures.
  const replay = await api.ask('auditor', 'POST', `/api/cases/${id}/replay`, { body: {} });
  expect(replay).toMatchObject({ status: 200, body: { verdict: 'agrees' } });
  const { body: chain } = await api.ask('auditor', 'POST', `/api/cases/${id}/verification`, { body: {} });
  const fails = chain.links.filter(({ verdict }: { verdict: string }) => verdict === 'fails');
  expect(fails).toEqual([]);

  // The applicant is told which and why.
  const { knex } = api.engine.platform;
  const context = { hasMail: false, source: 'https://santong.test', seesAll: () => false };
  await until(async () => (await publishWaiting(knex, context)) === 0);
  const { body: notices } = await api.ask(REQUESTER, 'GET', '/api/notices');
  const told = notices.items.find(({ kind }: { kind: string }) => kind === 'grantedPartly');
  expect(told.text).toMatch(/其中 2 项不同意：.+（核验不需要住址）、.+（超出必要）$/);
}, 120_000);

test('everything that is wrong with the items is told at once, to nobody who may not decide, and changes nothing', async () => {
  const id = await file();
  const refused = [
    { itemId: 'name', reason: '不需要' },
    { itemId: 'mobile', reason: ' ' },
    { itemId: 'mobile', reason: '超出必要' },
    { itemId: 'birth', reason: '超出必要' },
  ];
  const path = `/api/tasks/${id}.requester-lead.1/actions`;
  const { form, seq } = await shown(id);
  const body = { action: 'approve', seen: form.seen, refused };
  expect((await api.ask(null, 'POST', path, { body })).status).toBe(401);
  expect((await api.ask('transport.lead', 'POST', path, { body })).status).toBe(404);
  const faulty = await api.ask(LEAD, 'POST', path, { body });
  expect(faulty).toMatchObject({ status: 422, body: { code: 'Invalid' } });
  const faults = faulty.body.errors.map(({ pointer, code }: Record<string, string>) => [pointer, code]);
  expect(faults).toEqual([
    ['/refused/0/itemId', 'ScopeNeedsItem'],
    ['/refused/1/reason', 'ReasonMissing'],
    ['/refused/2/itemId', 'ItemTwice'],
    ['/refused/3/itemId', 'ItemNotAsked'],
  ]);
  const shapeless = await api.ask(LEAD, 'POST', path, { body: { ...body, refused: [{ reason: 1 }] } });
  expect(shapeless.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/refused/0/itemId',
    '/refused/0/reason',
  ]);
  const wrong = await api.ask(PROVIDER_LEAD, 'POST', path, { body: { ...body, refused: [refused[2]] } });
  expect(wrong).toMatchObject({ status: 403, body: { code: 'NotYourTask' } });
  expect((await shown(id)).seq).toBe(seq);
});

test('a narrowed approval is carried out once, however often it is sent, and its taking back undoes it', async () => {
  const id = await file();
  const { form } = await shown(id);
  const body = { action: 'approve', seen: form.seen, ...out('mobile', '超出必要') };
  const path = `/api/tasks/${id}.requester-lead.1/actions`;
  const key = crypto.randomUUID();
  const first = await api.ask(LEAD, 'POST', path, { body, key });
  const second = await api.ask(LEAD, 'POST', path, { body, key });
  expect([first.status, second.status, second.body.outcome]).toEqual([200, 200, first.body.outcome]);
  await api.ask(LEAD, 'POST', path, { body: { action: 'takeBack', reason: '再看' } });
  expect(await shown(id)).toMatchObject({ refused: [], form: { seen: form.digest } });
});

test('the command line leaves items out as well', async () => {
  const id = await file();
  const place = { dataDir: api.engine.dataDir, url: api.url };
  const ran = await santong(place, '--account', LEAD, 'case', 'act', id, 'approve', '--without', 'mobile=超出必要');
  expect([ran.exit, ran.err]).toEqual([0, '']);
  expect((await shown(id)).refused).toMatchObject([{ itemId: 'mobile', reason: '超出必要' }]);
  const seen = await santong(place, '--account', LEAD, 'case', 'show', id);
  expect(seen.out).toContain('不同意  persons/mobile: 超出必要');
  const malformed = await santong(place, '--account', LEAD, 'case', 'act', id, 'approve', '--without', 'mobile');
  expect(malformed.err).toContain('--without 的写法是 信息项=理由');
});
