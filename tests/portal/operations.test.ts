import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { caseActionBody } from '../../api/routes/cases/action-schema.ts';
import { projectRoot } from '../../config.ts';
import { application } from '../support/api.ts';
import type { Visitor } from '../support/browser.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;
const REQUESTER = 'civil-affairs.requester';
const LEAD = 'civil-affairs.lead';
const REVIEWER = 'public-security.reviewer';
const AUTHORITY = 'data-bureau.authority';
/** Those of the answer panel. */
const ANSWERS = ['approve', 'reject', 'advise'];

const words = JSON.parse(readFileSync(join(projectRoot, 'portal', 'src', 'messages', 'zh-CN.json'), 'utf8')) as {
  readonly op: Readonly<Record<string, { readonly name: string; readonly says: string }>>;
  readonly done: Readonly<Record<string, string>>;
};
let done: string[] = [];
/** What each journey goes through. */
const FIRST = [
  'urge',
  'comment',
  'copy',
  'askSupplement',
  'supplement',
  'return',
  'resubmit',
  'suspend',
  'resume',
  'takeBack',
  'askExtension',
  'refuseExtension',
  'delegate',
  'recall',
  'addSeat',
  'removeSeat',
  'reassign',
  'withdraw',
];
const SECOND = ['grantExtension', 'terminate', 'refile'];
const visitors = new Map<string, Visitor>();

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
beforeEach(() => {
  done = [];
});
afterEach(async () => {
  visitors.clear();
  await portal.empty();
});
afterAll(() => portal.close());

async function file(): Promise<string> {
  return (await portal.api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() })).body.id;
}

/** Does something by the API, to bring a case to where the portal is to show something. */
async function act(account: string, id: string, body: Record<string, unknown>): Promise<void> {
  const { body: shown } = await portal.api.ask(account, 'GET', `/api/cases/${id}`);
  const taskId = shown.actions.find(({ action }: { action: string }) => action === body['action'])?.taskId;
  const seen = ANSWERS.includes(String(body['action'])) ? { seen: shown.form.digest } : {};
  const answer = await portal.api.ask(account, 'POST', `/api/cases/${id}/actions`, {
    body: { ...body, ...seen, ...(taskId === undefined ? {} : { taskId }) },
  });
  expect([body['action'], answer.status]).toEqual([body['action'], 200]);
}

async function open(account: string, id: string): Promise<Page> {
  const visitor = visitors.get(account) ?? (await portal.enter(account));
  visitors.set(account, visitor);
  await visitor.page.goto(`/cases/${id}`);
  await visitor.page.getByRole('heading', { name: '路线与进度' }).waitFor();
  return visitor.page;
}

/** Opens an operation's sheet, which says what it will do; fills it in and has it done; the page says what was done. */
async function operate(account: string, id: string, action: string, fill?: (sheet: Locator) => Promise<unknown>) {
  const page = await open(account, id);
  const { name, says } = words.op[action] ?? { name: '', says: '' };
  await page.getByRole('complementary').getByRole('button').filter({ hasText: says }).first().click();
  const sheet = page.getByRole('dialog');
  await sheet.getByText(says).waitFor();
  await fill?.(sheet);
  await sheet.getByRole('button', { name, exact: true }).click();
  await page
    .getByRole('status')
    .filter({ hasText: words.done[action] ?? '?' })
    .waitFor();
  done.push(action);
}

const because = (sheet: Locator) => sheet.getByLabel('理由').fill('按规定');
const to = (person: RegExp) => async (sheet: Locator) => {
  const option = sheet.getByRole('option').filter({ hasText: person });
  await sheet.getByLabel('交给谁').selectOption((await option.first().getAttribute('value')) ?? '');
};

test('every operation of a case has a sheet with a sentence, its fields and what came of it', async () => {
  const id = await file();
  await operate(REQUESTER, id, 'urge', (sheet) => sheet.getByLabel('附言').fill('请尽快'));
  await operate(REQUESTER, id, 'comment', (sheet) => sheet.getByLabel('留言').fill('材料已齐'));
  await operate(REQUESTER, id, 'copy', (sheet) => sheet.getByLabel('公安局 · 审核岗').check());
  await operate(LEAD, id, 'askSupplement', async (sheet) => {
    await sheet.getByLabel('第 1 处：哪一部分').selectOption('应用场景');
    await sheet.getByLabel('第 1 处：差什么').fill('写明区县');
    await sheet.getByRole('button', { name: '再加一处' }).click();
    await sheet.getByLabel('第 2 处：哪一部分').selectOption('法律依据');
    await sheet.getByLabel('第 2 处：差什么').fill('写明条款');
    await portal.look(visitors.get(LEAD) as Visitor, 'op-ask-supplement');
  });
  await operate(REQUESTER, id, 'supplement', async (sheet) => {
    // What was asked stands beside the field that it is about.
    await sheet.locator('.field').filter({ hasText: '要求：写明区县' }).getByLabel('应用场景').fill('和平区低保审核');
    await sheet.locator('.field').filter({ hasText: '要求：写明条款' }).getByLabel('法律依据').fill('第五十八条');
    await portal.look(visitors.get(REQUESTER) as Visitor, 'op-supplement');
  });
  await operate(LEAD, id, 'return', because);
  await operate(REQUESTER, id, 'resubmit', (sheet) => sheet.getByLabel('应用场景').fill('沈河区低保审核'));
  await operate(AUTHORITY, id, 'suspend', async (sheet) => {
    await because(sheet);
    await sheet.getByLabel('复查日').fill('2099-01-01');
  });
  await operate(AUTHORITY, id, 'resume', because);
  await act(LEAD, id, { action: 'approve' });
  await operate(LEAD, id, 'takeBack', because);
  await act(LEAD, id, { action: 'approve' });

  await operate(REVIEWER, id, 'askExtension', async (sheet) => {
    await sheet.getByLabel('延几个工作日').fill('5');
    await because(sheet);
  });
  await operate(AUTHORITY, id, 'refuseExtension', async (sheet) => {
    await sheet.getByText('申请延 5 个工作日').waitFor();
    await because(sheet);
  });
  await operate(REVIEWER, id, 'delegate', to(/共享负责人/));
  await operate(REVIEWER, id, 'recall');
  await operate(REVIEWER, id, 'addSeat', to(/共享负责人/));
  await operate(REVIEWER, id, 'removeSeat', async (sheet) => {
    await portal.look(visitors.get(REVIEWER) as Visitor, 'op-remove-seat');
    await because(sheet);
  });
  await operate(AUTHORITY, id, 'reassign', async (sheet) => {
    await to(/申请岗/)(sheet);
    await because(sheet);
  });
  await operate(REQUESTER, id, 'withdraw');
  expect(done).toEqual(FIRST);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 180_000);

test('an extension is granted, a case ended early, a refused one filed again, and a delegate gives an opinion', async () => {
  const id = await file();
  await act(LEAD, id, { action: 'approve' });
  await act(REVIEWER, id, { action: 'askExtension', clock: 'provider', days: 3, reason: '需汇总' });
  await operate(AUTHORITY, id, 'grantExtension', (sheet) => sheet.getByText('申请延 3 个工作日').waitFor());
  await act(REVIEWER, id, { action: 'delegate', to: 'public-security.lead' });
  const page = await open('public-security.lead', id);
  await page.getByLabel('答复委派').check();
  await page.getByLabel('意见').fill('范围适当');
  await page.keyboard.press('Control+Enter');
  await page.getByText('意见已交回').waitFor();
  await operate(AUTHORITY, id, 'terminate', because);

  const refused = await file();
  await act(LEAD, refused, { action: 'reject', reason: { code: 'beyond-necessity', text: '范围过大' } });
  await operate(REQUESTER, refused, 'refile', (sheet) => sheet.getByLabel('应用场景').fill('只核对和平区'));
  expect(done).toEqual(SECOND);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('nothing that the API takes is left out of these', () => {
  const taken = caseActionBody.options.map(({ shape }) => shape.action.value);
  expect([...FIRST, ...SECOND, ...ANSWERS].toSorted()).toEqual([...new Set(taken)].toSorted());
});
