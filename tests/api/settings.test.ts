import { SETTINGS } from '../../domain/settings.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

const put = (key: string, value: unknown) => api.ask('admin', 'PUT', `/api/settings/${key}`, { body: { value } });

test('settings are what is usual until one is set, with who set it; limits that are fixed are told beside them', async () => {
  const { body: before } = await api.ask('admin', 'GET', '/api/settings');
  expect(before.items.map(({ key, value }: { key: string; value: unknown }) => [key, value])).toEqual(
    Object.entries(SETTINGS).map(([key, { usual }]) => [key, usual]),
  );
  expect(before.fixed).toContainEqual({ key: 'login.failures', value: 5, unit: 'times' });
  expect(JSON.stringify(before)).not.toMatch(/secret|password/i);
  expect(await put('transfers.per-source', 4)).toMatchObject({
    status: 200,
    body: { value: 4, changed: { by: { id: 'admin' } }, actions: [{ action: 'change' }] },
  });
  expect(await api.engine.platform.knex('settings').where({ key: 'transfers.per-source' }).first('value')).toEqual({
    value: 4,
  });
});

test('a value that makes no sense is refused, and so is a setting that there is not', async () => {
  const refused = async (key: string, value: unknown) => (await put(key, value)).body.errors[0];
  expect(await refused('gateway.log-days', 30)).toMatchObject({
    pointer: '/value',
    code: 'SettingOutside',
    message: '须在 1096 到 36500 之间',
  });
  expect(await refused('catalogue.watch-hours', 1.5)).toMatchObject({ code: 'WrongType' });
  expect(await refused('share-request.unconditional', 'never')).toMatchObject({ code: 'NotOffered' });
  expect((await put('projection.shape', 1)).status).toBe(404);
});

test('what is set holds: a longer period can be asked for once the place allows it', async () => {
  const { period, ...rest } = application() as { period: { from: string; to: string } };
  const [year] = period.to.split('-');
  const body = { ...rest, period: { ...period, to: `${Number(year) + 3}-01-01` } };
  const ask = () => api.ask(REQUESTER, 'POST', '/api/share-requests', { body });
  const refused = await ask();
  expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/period/to']);
  await put('share-request.longest-years', 6);
  const allowed = await ask();
  expect(JSON.stringify(allowed.body.errors ?? [])).not.toContain('/period');
});
