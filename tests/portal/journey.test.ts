import type { Page } from 'playwright-core';
import type { Visitor } from '../support/browser.ts';
import { pressOn, tabTo, typeInto } from '../support/keyboard.ts';
import { openPortal, type Portal } from '../support/portal.ts';
import { until } from '../support/until.ts';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

/** Opens the first task of the inbox from the home page and signs it, by keys alone. */
async function approveByKeys({ page }: Visitor, title: string): Promise<void> {
  await page.goto('/');
  await pressOn(page, page.getByRole('link', { name: title }).first());
  await page.getByRole('heading', { name: '你的答复' }).waitFor();
  await page.keyboard.press('a');
  await page.keyboard.press('Control+Enter');
  await page.getByText('已签署：同意').waitFor();
}

/** Goes down in the list that has the focus until the choice is reached. */
async function down(page: Page, choice: string): Promise<void> {
  const chosen = page.locator('select:focus option:checked');
  for (let pressed = 0; pressed < 30 && (await chosen.textContent()) !== choice; pressed += 1) {
    await page.keyboard.press('ArrowDown');
  }
  expect(await chosen.textContent()).toBe(choice);
}

async function fillIn(page: Page): Promise<void> {
  await typeInto(page, page.getByLabel('法律依据'), '《社会救助暂行办法》第五十八条');
  await typeInto(page, page.getByLabel('应用场景'), '最低生活保障审核确认时核验申请人户籍信息');
  await tabTo(page, page.getByLabel('用途'));
  await down(page, '社会救助资格核验');
  await pressOn(page, page.getByRole('button', { name: '下一步：信息项与行范围' }));
  for (const item of ['公民身份号码', '姓名', '手机号码']) {
    await pressOn(page, page.getByRole('checkbox', { name: item }), 'Space');
  }
  await pressOn(page, page.getByRole('button', { name: '加一个条件' }));
  await tabTo(page, page.getByLabel('第 1 个条件的信息项'));
  await down(page, '姓名');
  await tabTo(page, page.getByLabel('第 1 个条件的比较'));
  await down(page, '开头是');
  await typeInto(page, page.getByLabel('第 1 个条件的值'), '王');
}

test('a request is filed by keyboard alone, agreed to by three people, and followed to its delivery', async () => {
  const requester = await portal.enter('civil-affairs.requester');
  const { page } = requester;
  await page.getByRole('heading', { level: 1, name: /今天没有到期的/ }).waitFor();
  await portal.look(requester, 'home-empty');

  await page.keyboard.press('Control+k');
  await page.keyboard.insertText('户籍');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /找到 \d+ 个目录项/ }).waitFor();
  await pressOn(page, page.getByRole('button', { name: '放进申请篮 户籍人口基本信息' }));
  await portal.look(requester, 'search');
  await pressOn(page, page.getByRole('link', { name: '户籍人口基本信息' }).first());
  await page.getByRole('heading', { level: 1, name: '户籍人口基本信息' }).waitFor();
  await page.getByText('你符合').waitFor();
  await portal.look(requester, 'entry');

  await pressOn(page, page.getByRole('button', { name: '填申请' }));
  await page
    .getByText(/还差 \d 处才能提交/)
    .first()
    .waitFor();
  await portal.look(requester, 'application-basis');
  await fillIn(page);
  await page.getByText('姓名 以 “王” 开头').waitFor();
  await portal.look(requester, 'application-items');
  await pressOn(page, page.getByRole('button', { name: '方式：没选' }));
  await page.keyboard.press('Space');
  await portal.look(requester, 'application-mode');
  await pressOn(page, page.getByRole('button', { name: '保证：没勾全' }));
  for (const warranty of ['申请内容真实', '用途合法', '范围必要'])
    await pressOn(page, page.getByLabel(warranty), 'Space');
  await pressOn(page, page.getByRole('button', { name: '下一步：核对并提交' }));
  await portal.look(requester, 'application-check');
  await pressOn(page, page.getByRole('button', { name: '提交申请' }));
  await page.waitForURL(/\/cases\//);
  await page.getByRole('heading', { name: '办到哪了' }).waitFor();
  await page.getByText('提交申请').waitFor();
  await portal.look(requester, 'follow');

  const lead = await portal.enter('civil-affairs.lead');
  await lead.page.getByRole('link', { name: '户籍人口基本信息' }).first().waitFor();
  await approveByKeys(lead, '户籍人口基本信息');
  await portal.look(lead, 'signed');

  const reviewer = await portal.enter('public-security.reviewer');
  await reviewer.page.getByRole('link', { name: '户籍人口基本信息' }).first().waitFor();
  await portal.look(reviewer, 'home');
  await pressOn(reviewer.page, reviewer.page.getByRole('link', { name: '户籍人口基本信息' }).first());
  await reviewer.page.getByRole('heading', { name: '你的答复' }).waitFor();
  await reviewer.page.getByText('目录要求').waitFor();
  await portal.look(reviewer, 'decision');
  await approveByKeys(reviewer, '户籍人口基本信息');
  await approveByKeys(await portal.enter('public-security.lead'), '户籍人口基本信息');

  const id = new URL(page.url()).pathname.split('/').at(-1);
  await until(async () => {
    const { body } = await portal.api.ask('civil-affairs.requester', 'GET', `/api/cases/${id}`);
    return body.status === 'completed' ? body : undefined;
  });
  await page.goto('/requests');
  await page.getByRole('row', { name: /户籍人口基本信息.*已办结/ }).waitFor();
  await portal.look(requester, 'requests');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 180_000);
