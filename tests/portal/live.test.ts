import type { Page } from 'playwright-core';
import { application } from '../support/api.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;
const REVIEWER = 'public-security.reviewer';
const OPINION = '依据充分，同意提供。';

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

/** A request that waits for the provider's reviewer. */
async function waiting(): Promise<{ id: string; digest: string; taskId: string }> {
  const { body } = await portal.api.ask('civil-affairs.requester', 'POST', '/api/share-requests', {
    body: application(),
  });
  const digest: string = body.form.digest;
  const path = `/api/tasks/${body.id}.requester-lead.1/actions`;
  await portal.api.ask('civil-affairs.lead', 'POST', path, { body: { action: 'approve', seen: digest } });
  return { id: body.id, digest, taskId: `${body.id}.provider-reviewer.1` };
}

async function open(page: Page, id: string): Promise<void> {
  await page.goto(`/cases/${id}`);
  await page.getByRole('heading', { name: '你的答复' }).waitFor();
}

test('what another has decided appears within two seconds, a late signature is refused, and the opinion is kept', async () => {
  const { id, digest, taskId } = await waiting();
  const visitor = await portal.enter(REVIEWER);
  const { page } = visitor;
  await open(page, id);
  await page.getByLabel('意见').fill(OPINION);
  await page.keyboard.press('Control+Enter');
  await page.getByText('先选同意或不同意').waitFor();

  const body = { action: 'approve', seen: digest, opinion: '先办了' };
  expect((await portal.api.ask(REVIEWER, 'POST', `/api/tasks/${taskId}/actions`, { body })).status).toBe(200);
  const note = page.getByRole('alert').filter({ hasText: '你打开之后，这件事有变化' });
  await note.waitFor({ timeout: 2_000 });
  await note.getByText('先办了').waitFor();

  await page.getByLabel('同意', { exact: false }).first().check();
  await page.keyboard.press('Control+Enter');
  const refused = page.getByRole('alert').filter({ hasText: '没有办成' });
  await refused.getByText(OPINION).waitFor();
  await page.getByRole('heading', { name: '办到哪了' }).waitFor();
  await portal.look(visitor, 'stale');
  expect(portal.faults).toEqual([]);
  visitor.forgive(/status of 4(09|12)/);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('a list says that something has changed and moves only when it is told to', async () => {
  const visitor = await portal.enter(REVIEWER);
  const { page } = visitor;
  await page.getByRole('button', { name: /^待我办/ }).waitFor();
  const before = await page.getByRole('row').count();
  await waiting();
  await page.getByText('有 1 件变化').waitFor();
  expect(await page.getByRole('row').count()).toBe(before);
  await page.getByRole('button', { name: '更新' }).click();
  await page
    .getByRole('row')
    .nth(before === 0 ? 1 : before)
    .waitFor();
  await page.getByText('有 1 件变化').waitFor({ state: 'detached' });
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('a session that ends takes nothing that was typed with it, and signing goes on after logging in', async () => {
  const { id } = await waiting();
  const visitor = await portal.enter(REVIEWER);
  const { page } = visitor;
  await open(page, id);
  await page.getByLabel('意见').fill(OPINION);
  await page.getByText(/草稿已存/).waitFor();
  const { knex } = portal.api.engine.platform;
  const latest = knex('sessions').select('id').where({ person_id: REVIEWER }).orderBy('expires_at', 'desc').limit(1);
  await knex('sessions').whereIn('id', latest).update({ revoked_at: new Date() });
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: /^同意/ }).check();
  await page.getByRole('button', { name: /签署：同意/ }).click();
  await page.getByRole('dialog', { name: '登录已结束，请再登录' }).waitFor();
  await portal.look(visitor, 'session-lost');
  await page.getByLabel('密码').fill(portal.api.engine.password);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.getByLabel('意见').inputValue()).toBe(OPINION);
  await page.getByRole('button', { name: /签署：同意/ }).click();
  await page.getByText('已签署：同意').waitFor();
  visitor.forgive(/status of 401/);
  expect(portal.complaints()).toEqual([]);
  const { body } = await portal.api.ask('auditor', 'GET', `/api/cases/${id}/events`);
  const signed = body.items.filter(
    ({ event }: { event: { type: string; actor?: string } }) => event.actor === REVIEWER,
  );
  expect(signed).toMatchObject([{ event: { type: 'answered', verdict: 'approved', opinion: OPINION } }]);
}, 120_000);

test('everything is in English at a click, and stays so', async () => {
  const visitor = await portal.enter('public-security.lead');
  const { page } = visitor;
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: /^My department/ }).click();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: /Good (morning|afternoon|evening)/ }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await portal.look(visitor, 'home-en');
  expect(portal.faults).toEqual([]);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('what is missing is listed once, and supplemented beside what was asked', async () => {
  const { id } = await waiting();
  const reviewer = await portal.enter(REVIEWER);
  await open(reviewer.page, id);
  await reviewer.page.getByRole('button', { name: /^要求补正/ }).click();
  const sheet = reviewer.page.getByRole('dialog', { name: '要求补正' });
  await sheet.getByRole('button', { name: '要求补正' }).click();
  await sheet.getByText('还差：一次列全差什么').waitFor();
  await sheet.getByLabel('第 1 处：哪一部分').selectOption({ label: '应用场景' });
  await sheet.getByLabel('第 1 处：差什么').fill('写明谁查看');
  await portal.look(reviewer, 'ask-supplement');
  expect(portal.faults).toEqual([]);
  await sheet.getByRole('button', { name: '要求补正' }).click();
  await reviewer.page.getByText('一次性告知补正 1 处').waitFor();

  const requester = await portal.enter('civil-affairs.requester');
  const { page } = requester;
  await page.goto(`/cases/${id}`);
  await page.getByRole('button', { name: /^补正/ }).click();
  const form = page.getByRole('dialog', { name: '补正' });
  await form.getByText('要求：写明谁查看').waitFor();
  await form.getByLabel('应用场景').fill('核验申请人户籍信息，由社会救助处审核岗查看');
  await portal.look(requester, 'supplement');
  expect(portal.faults).toEqual([]);
  await form.getByRole('button', { name: '补正' }).click();
  await page.getByText('已补正，交回去继续办').waitFor();
  const { body } = await portal.api.ask('civil-affairs.requester', 'GET', `/api/cases/${id}`);
  expect(body).toMatchObject({
    status: 'in-approval',
    application: { scenario: expect.stringContaining('审核岗查看') },
  });
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('a stream that nobody answers is given up and opened anew', async () => {
  const visitor = await portal.enter(REVIEWER);
  const { page } = visitor;
  let isHeld = true;
  await page.route('**/api/events*', async (route) => {
    // What is held says nothing more, not even that it has failed.
    if (!isHeld) await route.continue();
  });
  await page.reload();
  await page.getByText('网络断了').waitFor();
  isHeld = false;
  await page.getByText('网络断了').waitFor({ state: 'detached' });
  expect(portal.complaints()).toEqual([]);
}, 120_000);
