import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

test('an empty list says why, a slow one that it comes, a failed one what failed and how to go on', async () => {
  const visitor = await portal.enter('civil-affairs.lead');
  const { page } = visitor;
  await page.goto('/tasks');
  await page.getByText('没有等你办的事').waitFor();
  await portal.look(visitor, 'state-tasks-empty');
  await page.goto('/notices');
  await page.getByText('没有通知').waitFor();
  await portal.look(visitor, 'state-notices-empty');

  await page.route('**/api/tasks?*', () => undefined);
  await page.goto('/tasks');
  await page.getByText('正在取…').waitFor();
  await portal.look(visitor, 'state-loading');
  await page.unroute('**/api/tasks?*');
  await page.route('**/api/tasks?*', (route) =>
    route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({ status: 500, code: 'InternalError', title: '系统内部错误', requestId: 'r-8f21c0' }),
    }),
  );
  await page.goto('/tasks');
  await page.getByText('请求号 r-8f21c0').waitFor();
  await portal.look(visitor, 'state-error');
  await page.unroute('**/api/tasks?*');
  await page.getByRole('button', { name: '重试' }).click();
  await page.getByText('没有等你办的事').waitFor();
  visitor.forgive(/status of 500/);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('what is not for somebody says as whom they are here and who can help; what is not there, that it is not', async () => {
  const visitor = await portal.enter('civil-affairs.requester');
  const { page } = visitor;
  await page.goto('/audit/reads');
  await page.getByText('你以 民政局 · 申请岗 登录').first().waitFor();
  await portal.look(visitor, 'state-no-right');
  await page.goto('/cases/no-such-case');
  await page.getByText('地址可能写错了，或它不归你的部门看').waitFor();
  await portal.look(visitor, 'state-missing');
  await page.goto('/nothing/here');
  await page.getByRole('heading', { level: 1, name: '没有这个页面' }).waitFor();
  await portal.look(visitor, 'nowhere');
  visitor.forgive(/status of 40[34]/);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('the list of keys, a lost session and the login page can be read by everybody', async () => {
  const visitor = await portal.enter('civil-affairs.lead');
  const { page } = visitor;
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '快捷键' }).waitFor();
  await portal.look(visitor, 'keys');
  await page.keyboard.press('Escape');
  const { knex } = portal.api.engine.platform;
  await knex('sessions').where({ person_id: 'civil-affairs.lead' }).update({ revoked_at: new Date() });
  await page.getByRole('dialog', { name: '登录已结束，请再登录' }).waitFor();
  await portal.look(visitor, 'session-lost');
  const stranger = await portal.come();
  await stranger.page.goto('/tasks');
  await stranger.page.getByText('登录后回到你刚才的页面').waitFor();
  await portal.look(stranger, 'login');
  visitor.forgive(/status of 401/);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
