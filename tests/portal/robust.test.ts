import type { Page } from 'playwright-core';
import { application } from '../support/api.ts';
import { openPortal, type Portal } from '../support/portal.ts';
import { until } from '../support/until.ts';

let portal: Portal;
const REQUESTER = 'civil-affairs.requester';
const LEAD = 'civil-affairs.lead';
const OPINION = '依据充分，同意上报。';

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

/** A request that waits for its own department's lead. */
async function waiting(): Promise<string> {
  const { body } = await portal.api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  return body.id;
}

async function open(page: Page, id: string): Promise<void> {
  await page.goto(`/cases/${id}`);
  await page.getByRole('heading', { name: '你的答复' }).waitFor();
  await page.getByRole('radio', { name: /^同意/ }).check();
}

const sign = (page: Page) => page.getByRole('button', { name: /签署：同意/ });

/** What somebody has answered in a case. */
async function answersOf(id: string, account = LEAD): Promise<unknown[]> {
  const { body } = await portal.api.ask('auditor', 'GET', `/api/cases/${id}/events`);
  return body.items.filter(
    ({ event }: { event: { type: string; actor?: string } }) => event.type === 'answered' && event.actor === account,
  );
}

const filed = async (): Promise<number> => {
  const [row] = await portal.api.engine.platform.knex('cases').count({ n: '*' });
  return Number(row?.['n']);
};
const drafts = async () => (await portal.api.ask(REQUESTER, 'GET', '/api/share-request-drafts')).body.items;

/** A copy of an earlier request, with all that is still missing filled in. */
async function almostFiled(page: Page, copied: string): Promise<void> {
  await page.goto(`/apply?copy=${copied}`);
  await page.getByText('已照旧申请填好').waitFor();
  await page.getByLabel('应用场景').fill('低保审核时核验户籍');
  await page.getByRole('button', { name: '保证：没勾全' }).click();
  for (const warranty of ['申请内容真实', '用途合法', '范围必要']) await page.getByLabel(warranty).check();
  await page.getByRole('button', { name: '下一步：核对并提交' }).click();
  await page.getByText(/\d\d:\d\d 已自动保存/).waitFor();
}

test('a server that goes away in the middle of a form takes nothing with it, and the form goes on when it is back', async () => {
  const visitor = await portal.enter(REQUESTER);
  const { page } = visitor;
  await page.goto('/apply?entry=persons');
  await page.getByLabel('法律依据').fill('《社会救助暂行办法》第五十八条');
  await page.getByText(/\d\d:\d\d 已自动保存/).waitFor();
  await portal.stopApi();
  await page.getByLabel('应用场景').fill('服务器不在时写的');
  await page.getByText('网络断了').waitFor();
  await page
    .getByText(/存在本机|已存在本机/)
    .first()
    .waitFor();
  await portal.look(visitor, 'robust-away');
  await portal.startApi();
  await until(async () => (await drafts())[0]?.revision > 1);
  await page.getByText('网络断了').waitFor({ state: 'detached' });
  expect(await page.getByLabel('应用场景').inputValue()).toBe('服务器不在时写的');
  await page.reload();
  await page.getByLabel('应用场景').waitFor();
  expect(await page.getByLabel('应用场景').inputValue()).toBe('服务器不在时写的');
  const [{ id }] = await drafts();
  await portal.api.ask(REQUESTER, 'DELETE', `/api/share-request-drafts/${id}`);
  visitor.forgive(/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|^failed:/);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('signing while the server is away says so, keeps the opinion, and signs once when it is back', async () => {
  const id = await waiting();
  const visitor = await portal.enter(LEAD);
  const { page } = visitor;
  await open(page, id);
  await page.getByLabel('意见').fill(OPINION);
  await page.getByText(/草稿已存/).waitFor();
  await portal.stopApi();
  await sign(page).click();
  await page.getByRole('alert').filter({ hasText: '与服务器的连接断了' }).waitFor();
  expect(await page.getByLabel('意见').inputValue()).toBe(OPINION);
  await portal.look(visitor, 'robust-unsigned');
  await portal.startApi();
  await sign(page).click();
  await page.getByText('已签署：同意').waitFor();
  expect(await answersOf(id)).toMatchObject([{ event: { verdict: 'approved', opinion: OPINION } }]);
  visitor.forgive(/ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|^failed:/);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('however often somebody presses while the network is slow, and although the answer gets lost, they sign once', async () => {
  const [slow, lost] = [await waiting(), await waiting()];
  const visitor = await portal.enter(LEAD);
  const { page } = visitor;
  let sent = 0;
  await page.route(`**/api/cases/${slow}/actions`, async (route) => {
    sent += 1;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.continue();
  });
  await open(page, slow);
  await sign(page).dblclick();
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+Enter');
  await page.getByText('已签署：同意').waitFor();
  expect(sent).toBe(1);
  expect(await answersOf(slow)).toHaveLength(1);

  // The server has done it, and its answer does not arrive.
  const keys: (string | undefined)[] = [];
  await page.route(`**/api/cases/${lost}/actions`, async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    const answer = await route.fetch();
    if (keys.length === 1) return route.abort('connectionreset');
    return route.fulfill({ response: answer });
  });
  await open(page, lost);
  await sign(page).click();
  await page.getByRole('alert').filter({ hasText: '再办一次不会重复' }).waitFor();
  await sign(page).click();
  await page.getByText('已签署：同意').waitFor();
  expect(keys).toEqual([keys[0], keys[0]]);
  expect(await answersOf(lost)).toHaveLength(1);
  visitor.forgive(/ERR_CONNECTION_RESET|^failed: POST/);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('a double click files one request, and going back afterwards files no second one', async () => {
  const copied = await waiting();
  const visitor = await portal.enter(REQUESTER);
  const { page } = visitor;
  await page.goto('/requests');
  await almostFiled(page, copied);
  const before = await filed();
  await page.getByRole('button', { name: '提交申请' }).dblclick();
  await page.waitForURL(/\/cases\//);
  await page.getByRole('heading', { name: '办到哪了' }).waitFor();
  expect(await filed()).toBe(before + 1);
  expect(await drafts()).toEqual([]);
  await page.goBack();
  await page.waitForURL((url) => url.pathname !== '/apply' && !url.pathname.startsWith('/cases/'));
  await page.goForward();
  await page.getByRole('heading', { name: '办到哪了' }).waitFor();
  expect([await filed(), await drafts()]).toEqual([before + 1, []]);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('of two tabs with the same case the second sees what the first has signed, and signs nothing over it', async () => {
  const id = await waiting();
  const visitor = await portal.enter(LEAD);
  const second = await visitor.context.newPage();
  await open(visitor.page, id);
  await open(second, id);
  await second.getByLabel('意见').fill('第二个标签页里写的');
  await sign(visitor.page).click();
  await visitor.page.getByText('已签署：同意').waitFor();
  await second.getByRole('alert').filter({ hasText: '这件事有变化' }).waitFor({ timeout: 2_000 });
  await sign(second).click();
  await second.getByRole('alert').filter({ hasText: '没有办成' }).getByText('第二个标签页里写的').waitFor();
  expect(await answersOf(id)).toHaveLength(1);
  visitor.forgive(/status of 4(09|12)/);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('tabs of one browser share a login and its end', async () => {
  const visitor = await portal.enter(LEAD);
  const { page, context } = visitor;
  const second = await context.newPage();
  await second.goto('/notices');
  await second.getByRole('heading', { level: 1, name: '通知' }).waitFor();
  await page.getByRole('button', { name: /^我的账号/ }).click();
  await page.getByRole('button', { name: '退出登录' }).click();
  const dialog = second.getByRole('dialog', { name: '登录已结束，请再登录' });
  await dialog.waitFor();
  await page.waitForURL(/\/login/);
  await page.getByLabel('账号').fill(LEAD);
  await page.getByLabel('密码').fill(portal.api.engine.password);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  // What changes something takes the token of the session there is now.
  await second.goto('/account/sessions');
  await second.getByRole('button', { name: '退出全部登录' }).click();
  await second.waitForURL(/\/login/);
  await page.getByRole('dialog', { name: '登录已结束，请再登录' }).waitFor();
  visitor.forgive(/status of 401/);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('without a network one goes on reading and writing, and is told so', async () => {
  const id = await waiting();
  const visitor = await portal.enter(LEAD);
  const { page, context } = visitor;
  await open(page, id);
  await context.setOffline(true);
  await page.getByRole('status').filter({ hasText: '网络断了' }).waitFor();
  await page.getByLabel('意见').fill(OPINION);
  await portal.look(visitor, 'robust-offline');
  await context.setOffline(false);
  await page.getByRole('status').filter({ hasText: '网络断了' }).waitFor({ state: 'detached' });
  await sign(page).click();
  await page.getByText('已签署：同意').waitFor();
  expect(await answersOf(id)).toMatchObject([{ event: { opinion: OPINION } }]);
  visitor.forgive(/ERR_INTERNET_DISCONNECTED|^failed:/);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test.each([
  [LEAD, ['/', '/tasks', '/catalogue', '/notices', '/grants', '/account/password']],
  ['public-security.reviewer', ['/provide/entries', '/provide/sources', '/provide/grants', '/statistics']],
  ['auditor', ['/audit/cases', '/audit/ledger', '/audit/readers']],
])(
  'a session of %s that ends is taken up again on any page, where it was',
  async (account, paths) => {
    const visitor = await portal.enter(account);
    const { page } = visitor;
    const { knex } = portal.api.engine.platform;
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await knex('sessions').where({ person_id: account }).update({ revoked_at: new Date() });
      const dialog = page.getByRole('dialog', { name: '登录已结束，请再登录' });
      await dialog.waitFor();
      await dialog.getByLabel('密码').fill(portal.api.engine.password);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      expect(new URL(page.url()).pathname).toBe(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
    }
    visitor.forgive(/status of 401/);
    expect(portal.complaints()).toEqual([]);
  },
  120_000,
);
