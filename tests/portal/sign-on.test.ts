import type { Page } from 'playwright-core';
import type { Visitor } from '../support/browser.ts';
import { type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;
let provider: OpenIdProvider;

beforeAll(async () => {
  provider = await startOpenIdProvider({
    wang: 'public-security.reviewer',
    zhao: 'civil-affairs.requester',
    li: 'nobody-here',
  });
  portal = await openPortal({ signOn: provider.settings });
  provider.register(portal.api.url);
}, 120_000);
afterEach(async () => {
  provider.comeBack();
  await portal.empty();
});
afterAll(async () => {
  await portal.close();
  await provider.close();
});

/** At the provider's own pages. */
async function logInThere(page: Page, name: string): Promise<void> {
  await page.waitForURL((url) => url.href.startsWith(provider.url));
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  const goOn = page.locator('input[name=prompt][value=consent]');
  await goOn.waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
}

/** The provider is another host, and its pages are its own affair. */
function forgiveProvider({ forgive }: Visitor): void {
  forgive(new RegExp(`${provider.url}|Content Security Policy|fonts.googleapis|favicon`));
}

test('single sign-on leads through the provider back to where one was, and out again at both', async () => {
  const visitor = await portal.come();
  const { page } = visitor;
  await page.goto('/notices?from=mail');
  await page.getByRole('link', { name: '统一身份认证登录' }).waitFor();
  await portal.look(visitor, 'login-sign-on');
  await page.getByRole('link', { name: '统一身份认证登录' }).click();
  await logInThere(page, 'wang');
  await page.waitForURL(`${portal.api.url}/notices?from=mail`);
  await page.getByRole('heading', { level: 1, name: '通知' }).waitFor();
  await page.goto('/account/sessions');
  await page.getByRole('row', { name: /本次.*统一身份认证/ }).waitFor();
  await page.getByRole('button', { name: /^我的账号/ }).click();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.waitForURL((url) => url.href.startsWith(`${provider.url}/session/end`));
  await page.locator('button[name=logout], button[type=submit]').first().click();
  await page.waitForURL(`${portal.api.url}/login**`);
  await page.getByRole('link', { name: '统一身份认证登录' }).click();
  // It asks anew who it is: the session there is over as well.
  await page.locator('input[name=login]').waitFor();
  forgiveProvider(visitor);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('an identity without an account is told what to do, and may come as another', async () => {
  const visitor = await portal.come();
  const { page } = visitor;
  await page.goto('/login');
  await page.getByRole('link', { name: '统一身份认证登录' }).click();
  await logInThere(page, 'li');
  await page.getByRole('alert').getByText('这个身份在三通没有账号').waitFor();
  await portal.look(visitor, 'login-unknown');
  await page.getByRole('link', { name: '换一个账号，统一身份认证登录' }).click();
  await logInThere(page, 'wang');
  await page.waitForURL(`${portal.api.url}/`);
  forgiveProvider(visitor);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('who has lost their session signs on in a tab of its own, and what was typed stays', async () => {
  const account = 'civil-affairs.requester';
  const visitor = await portal.enter(account);
  const { page, context } = visitor;
  await page.goto('/needs/new');
  const field = page.locator('textarea').first();
  await field.fill('写到一半的话');
  await portal.api.engine.platform.knex('sessions').where({ person_id: account }).update({ revoked_at: new Date() });
  const dialog = page.getByRole('dialog', { name: '登录已结束，请再登录' });
  await dialog.waitFor();
  await portal.look(visitor, 'session-lost-sign-on');
  const opening = context.waitForEvent('page');
  await dialog.getByRole('link', { name: '统一身份认证登录' }).click();
  const apart = await opening;
  await logInThere(apart, 'zhao');
  await apart.getByRole('heading', { name: '已登录' }).waitFor();
  await portal.look({ ...visitor, page: apart }, 'signed-in-apart');
  await dialog.waitFor({ state: 'detached' });
  expect(await field.inputValue()).toBe('写到一半的话');
  visitor.forgive(/status of 401/);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
