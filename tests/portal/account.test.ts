import { openPortal, type Portal } from '../support/portal.ts';
import { until } from '../support/until.ts';
import { pressOn, typeInto } from '../support/keyboard.ts';

let portal: Portal;
const ACCOUNT = 'public-security.reviewer';

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

test('by keys alone somebody finds where they are logged in, ends one, then all others, and the others notice', async () => {
  const visitor = await portal.enter(ACCOUNT);
  const { page } = visitor;
  const [second, third] = [await portal.enter(ACCOUNT), await portal.enter(ACCOUNT)];
  await page.getByRole('heading', { level: 1 }).waitFor();
  const menu = page.getByRole('button', { name: /^我的账号：.*公安局 · 审核岗$/ });
  await pressOn(page, menu);
  await page.getByRole('link', { name: '通知设置' }).waitFor();
  await portal.look(visitor, 'identity-menu');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: '通知设置' }).waitFor({ state: 'hidden' });
  await pressOn(page, menu);
  await pressOn(page, page.getByRole('link', { name: '我的登录' }));
  await page.getByRole('row', { name: /Chrome \d+ · Linux 本次/ }).waitFor();
  expect(await page.getByRole('row').count()).toBe(4);
  await portal.look(visitor, 'sessions');

  await pressOn(page, page.getByRole('button', { name: /^结束 Chrome/ }).first());
  await page.getByText(/已结束 Chrome \d+ · Linux，那里要重新登录/).waitFor();
  await until(async () => (await page.getByRole('row').count()) === 3);
  await pressOn(page, page.getByRole('button', { name: '结束其他全部' }));
  await page.getByText('已结束别处的 1 个登录').waitFor();
  await page.getByText('没有别处的登录').waitFor();
  await portal.look(visitor, 'sessions-one');
  for (const other of [second, third]) {
    await other.page.getByRole('dialog', { name: '登录已结束，请再登录' }).waitFor();
    other.forgive(/status of 401/);
  }
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('a password is changed with what is wrong beside each field, and goes on being the one that lets in', async () => {
  const account = 'transport.lead';
  const visitor = await portal.enter(account);
  const { page } = visitor;
  await page.goto('/account/password');
  await pressOn(page, page.getByRole('button', { name: '改密码' }));
  await page.getByText('写现在的密码').waitFor();
  await typeInto(page, page.getByLabel('现在的密码'), 'not the one');
  await typeInto(page, page.getByLabel('新密码', { exact: true }), `x ${account} x`);
  await typeInto(page, page.getByLabel('再写一遍新密码'), `x ${account} x`);
  await page.keyboard.press('Enter');
  await page.getByText('现在的密码不正确').waitFor();
  await page.getByText('新密码不能包含账号').waitFor();
  await portal.look(visitor, 'password-refused');
  await page.getByLabel('现在的密码').fill(portal.api.engine.password);
  const next = 'a long new password';
  await page.getByLabel('新密码', { exact: true }).fill(next);
  await page.getByLabel('再写一遍新密码').fill(next);
  await page.keyboard.press('Enter');
  await page.getByText('密码已改').waitFor();
  await portal.look(visitor, 'password-changed');
  await page.getByRole('button', { name: /^我的账号/ }).click();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.waitForURL(/\/login$/);
  await page.getByLabel('账号').fill(account);
  await page.getByLabel('密码').fill(portal.api.engine.password);
  await page.keyboard.press('Enter');
  await page.getByText('账号或密码不正确').waitFor();
  await portal.look(visitor, 'login-refused');
  await page.getByLabel('密码').fill(next);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/');
  visitor.forgive(/status of 4(01|22)/);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('who logs out everywhere is out in every browser', async () => {
  const account = 'statistics.lead';
  const [visitor, other] = [await portal.enter(account), await portal.enter(account)];
  await visitor.page.getByRole('button', { name: /^我的账号/ }).click();
  await visitor.page.getByRole('button', { name: /^退出全部登录/ }).click();
  await visitor.page.waitForURL(/\/login$/);
  await other.page.getByRole('dialog', { name: '登录已结束，请再登录' }).waitFor();
  other.forgive(/status of 401/);
  expect(portal.complaints()).toEqual([]);
}, 120_000);
