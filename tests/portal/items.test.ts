import type { Page } from 'playwright-core';
import { application } from '../support/api.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;
const REQUESTER = 'civil-affairs.requester';
const LEAD = 'civil-affairs.lead';
const REVIEWER = 'public-security.reviewer';

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterAll(() => portal.close());

async function open(account: string, id: string) {
  const visitor = await portal.enter(account);
  await visitor.page.goto(`/cases/${id}`);
  await visitor.page.getByRole('heading', { name: '路线与进度' }).waitFor();
  return visitor;
}

/** The row of an item, by its name. */
const rowOf = (page: Page, item: string) =>
  page.locator('section', { has: page.locator('#items-title') }).getByRole('row', { name: new RegExp(`^${item}`) });

test('items are decided one by one; those after see what is left and why, and so does the applicant', async () => {
  const filed = await portal.api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  const { id } = filed.body;
  const lead = await open(LEAD, id);
  const { page } = lead;
  await page.getByRole('heading', { name: '逐项决定' }).waitFor();
  // What the row scope chooses by is not left out alone.
  await rowOf(page, '姓名').getByText('行范围按它筛选，不能单独不同意').waitFor();

  // By keys on a row: N refuses and asks why, Y agrees again.
  const mobile = rowOf(page, '手机号码');
  await mobile.getByRole('button', { name: '不同意' }).focus();
  await page.keyboard.press('n');
  const why = mobile.getByRole('textbox', { name: '不同意的理由' });
  expect(await why.evaluate((field) => field.matches(':focus'))).toBe(true);
  await page.getByRole('button', { name: /^签署：部分同意 3 项/ }).waitFor();
  // Without a reason nothing is signed, and the field is where one is.
  await page.getByRole('button', { name: /^签署/ }).click();
  await page.getByText('写明不同意这 1 项的理由').waitFor();
  expect(await why.evaluate((field) => field.matches(':focus'))).toBe(true);
  await mobile.getByRole('button', { name: '同意', exact: true }).focus();
  await page.keyboard.press('y');
  await page.getByRole('button', { name: /^签署：同意 4 项/ }).waitFor();
  await mobile.getByRole('button', { name: '不同意' }).click();
  await why.fill('核验身份不需要手机号');
  await page.getByText('1 项不授权').waitFor();
  // It is kept in the browser, as what is written is.
  await page.reload();
  await page.getByRole('button', { name: /^签署：部分同意 3 项/ }).waitFor();
  expect(await why.inputValue()).toBe('核验身份不需要手机号');
  await portal.look(lead, 'items-decide');
  await page.keyboard.press('Control+Enter');
  await page.getByText('部分同意，1 项不同意').first().waitFor();

  const reviewer = await open(REVIEWER, id);
  const second = reviewer.page;
  await rowOf(second, '手机号码').getByText('核验身份不需要手机号').waitFor();
  expect(await rowOf(second, '手机号码').getByRole('button').count()).toBe(0);
  await second.getByRole('button', { name: /^先选答复/ }).waitFor();
  await second.keyboard.press('a');
  await second.getByRole('button', { name: /^签署：同意 3 项/ }).waitFor();
  await portal.look(reviewer, 'items-later');

  const applicant = await open(REQUESTER, id);
  await applicant.page.getByText('核验身份不需要手机号').first().waitFor();
  await portal.look(applicant, 'items-applicant');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
