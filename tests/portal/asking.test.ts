import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { REQUESTER } from '../support/grant.ts';
import { openPortal, type Portal } from '../support/portal.ts';
import { until } from '../support/until.ts';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

const DRAFTS = '/api/share-request-drafts';
const drafts = async () => (await portal.api.ask(REQUESTER, 'GET', DRAFTS)).body.items;

async function nextStep(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `下一步：${name}` }).click();
}

test('an application goes on on another machine, and two who write it at once lose nothing', async () => {
  const first = await portal.enter(REQUESTER);
  const { page } = first;
  await page.goto('/apply?entry=persons');
  await page.getByLabel('法律依据').fill('《社会救助暂行办法》第五十八条');
  await page.getByText(/\d\d:\d\d 已自动保存/).waitFor();
  expect(await drafts()).toMatchObject([{ title: '户籍人口基本信息' }]);

  const second = await portal.enter(REQUESTER);
  await second.page.getByRole('heading', { name: '草稿' }).waitFor();
  await portal.look(second, 'ask-home');
  await second.page.goto('/requests');
  await second.page.getByRole('link', { name: '接着写 户籍人口基本信息' }).click();
  await second.page.getByLabel('应用场景').fill('核验户籍');
  await second.page.getByLabel('法律依据').fill('《社会救助暂行办法》第五条');
  await second.page.getByText(/\d\d:\d\d 已自动保存/).waitFor();
  await until(async () => ((await drafts())[0].revision > 1 ? true : undefined));

  // The first one writes on without knowing: both have changed the basis, only the other one the scenario.
  await page.getByLabel('法律依据').fill('《社会救助暂行办法》第六条');
  await page.getByText('“法律依据”两处都改了').waitFor();
  await page.getByText('《社会救助暂行办法》第五条').waitFor();
  expect(await page.getByLabel('应用场景').inputValue()).toBe('核验户籍');
  expect(await page.getByLabel('法律依据').inputValue()).toBe('《社会救助暂行办法》第六条');
  await portal.look(first, 'ask-both-wrote');
  await page.getByRole('button', { name: '用那边的' }).click();
  expect(await page.getByLabel('法律依据').inputValue()).toBe('《社会救助暂行办法》第五条');
  // A refusal is an answer, which browsers write to their console.
  first.forgive(/412/);
  expect(portal.complaints()).toEqual([]);
  await page.goto('/requests');
  await page.getByRole('button', { name: '删除草稿 户籍人口基本信息' }).click();
  await page.getByRole('heading', { name: '草稿' }).waitFor({ state: 'detached' });
  expect(await drafts()).toEqual([]);
}, 120_000);

test('several providers are asked in one case: rows counted, a paper attached on the second try, and asked again by a copy', async () => {
  const visitor = await portal.enter(REQUESTER);
  const { page } = visitor;
  const { body } = await portal.api.ask(REQUESTER, 'GET', '/api/catalogue?shareType=conditional&limit=200');
  const asked = body.items.filter(({ actions }: { actions: unknown[] }) => actions.length > 0);
  const persons = asked.find(({ id }: { id: string }) => id === 'persons');
  const other = asked.find(({ provider }: { provider: { id: string } }) => provider.id !== persons.provider.id);
  // One purpose holds for the whole request: both entries name it.
  await portal.api.engine.platform.knex.raw(
    `update catalogue_entries set body = jsonb_set(body, '{conditions,purposes}', '["社会救助资格核验"]') where id in (?, ?)`,
    [persons.id, other.id],
  );
  for (const { id } of [persons, other]) {
    await page.goto(`/catalogue/${id}`);
    await page.getByRole('button', { name: '放进申请篮' }).click();
    await page.getByText('已在申请篮').waitFor();
  }
  await page.goto('/apply');
  await page.getByLabel('法律依据').fill('《社会救助暂行办法》第五十八条');
  await page.getByLabel('应用场景').fill('审核确认时核验');
  const purpose = page.getByLabel('用途', { exact: true });
  if ((await purpose.evaluate((element) => element.tagName)) === 'SELECT') await purpose.selectOption({ index: 1 });
  else await purpose.fill('社会救助资格核验');
  await nextStep(page, '信息项与行范围');
  await page.locator('table').getByRole('checkbox').first().check();
  await page.getByLabel('全部数据行').check();
  await page.getByText(/现在有/).waitFor();
  await portal.look(visitor, 'ask-count');
  await page.getByLabel('全部数据行').uncheck();
  await page.getByRole('button', { name: '加一个条件' }).click();
  await page.getByLabel('第 1 个条件的信息项').selectOption({ label: '性别' });
  await page.getByText('条件写全后').waitFor();
  await page.getByLabel('第 1 个条件的值').fill('无');
  await page.getByText('不足 10').first().waitFor();
  // The provider's system does not answer: said, and tried again.
  await page.route('**/counts', (route) => route.abort());
  await page.getByLabel('第 1 个条件的值').fill('男');
  await page.getByText('没数成').waitFor();
  await page.unroute('**/counts');
  await page.getByRole('button', { name: '重试' }).click();
  await page.getByText(/现在有/).waitFor();
  await page.getByRole('button', { name: new RegExp(`· ${other.name}`) }).click();
  await page.locator('table').getByRole('checkbox').first().check();
  await page.getByLabel('全部数据行').check();
  await page.getByText(/现在有|没数成/).waitFor();
  await nextStep(page, '方式与期限');
  await page.getByRole('radio').first().check();
  await nextStep(page, '附件与保证');

  await page.route('**/api/attachments?*', (route) => route.abort());
  const paper = { name: '核对授权书.pdf', mimeType: 'application/pdf', buffer: randomBytes(200_000) };
  await page.getByLabel('选文件').setInputFiles(paper);
  await page.getByText('没传成').waitFor();
  await portal.look(visitor, 'ask-paper-failed');
  await page.unroute('**/api/attachments?*');
  await page.getByRole('button', { name: '重试' }).click();
  await page.getByText('SHA-256').waitFor();
  const large = { ...paper, name: '太大.pdf', buffer: Buffer.alloc(10_485_761) };
  await page.getByLabel('选文件').setInputFiles(large);
  await page.getByText('超过 10 MB，不能上传').waitFor();
  await page.getByRole('button', { name: '去掉', exact: true }).click();
  // One that takes its time is called off.
  await page.route('**/api/attachments?*', () => undefined);
  await page.getByLabel('选文件').setInputFiles({ ...paper, name: '不要了.pdf' });
  await page.getByRole('progressbar', { name: '正在上传 不要了.pdf' }).waitFor();
  await portal.look(visitor, 'ask-paper-sending');
  await page.getByRole('button', { name: '取消上传' }).click();
  await page.getByText('不要了.pdf').waitFor({ state: 'detached' });
  await page.unroute('**/api/attachments?*');
  for (const warranty of ['申请内容真实', '用途合法', '范围必要']) await page.getByLabel(warranty).check();
  await nextStep(page, '核对并提交');
  await portal.look(visitor, 'ask-several');
  await page.getByRole('button', { name: '提交申请' }).click();
  await page.waitForURL(/\/cases\//);
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const filed = (await portal.api.ask(REQUESTER, 'GET', `/api/cases/${id}`)).body;
  expect(filed.application).toMatchObject({ entryId: 'persons', attachments: [{ name: '核对授权书.pdf' }] });
  expect(filed.application.further).toMatchObject([{ entryId: other.id }]);
  expect(await drafts()).toEqual([]);

  await page.goto('/requests');
  await page.getByRole('link', { name: `复制为新申请 ${filed.number}` }).click();
  await page.getByText('已照旧申请填好').waitFor();
  expect(await page.getByLabel('法律依据').inputValue()).toBe('《社会救助暂行办法》第五十八条');
  await page.getByText('保证：没勾全').first().waitFor();
  await portal.look(visitor, 'ask-copy');
  // What is only looked at is no draft.
  expect(await drafts()).toEqual([]);
  visitor.forgive(/ERR_FAILED|^failed: POST/);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('what the catalogue does not have is stated as a need, and taken up', async () => {
  const visitor = await portal.enter(REQUESTER);
  const { page } = visitor;
  await page.goto(`/catalogue?q=${encodeURIComponent('无人机航拍影像')}`);
  await page.getByRole('link', { name: '把“无人机航拍影像”提成需求' }).waitFor();
  await portal.look(visitor, 'ask-nothing-found');
  await page.getByRole('link', { name: '把“无人机航拍影像”提成需求' }).click();
  expect(await page.getByLabel('缺什么数据').inputValue()).toBe('无人机航拍影像');
  await page.getByRole('button', { name: '发布需求' }).click();
  await page.getByText('此项要填。').first().waitFor();
  await portal.look(visitor, 'need-new');
  await page.getByLabel('说明', { exact: true }).fill('低保家庭住房情况核查，现在靠上门看。');
  await page.getByLabel('信息项', { exact: true }).fill('航拍日期、影像\n住房面积');
  await page.getByLabel('用来做什么').fill('低保审核确认');
  await page.getByLabel('法律依据').fill('《社会救助暂行办法》第五十八条');
  await page.getByRole('button', { name: '发布需求' }).click();
  await page.getByRole('heading', { level: 1, name: '无人机航拍影像' }).waitFor();
  await portal.look(visitor, 'need');

  const authority = await portal.enter('data-bureau.authority');
  await authority.page.goto('/needs');
  await portal.look(authority, 'needs');
  await authority.page.getByRole('link', { name: '无人机航拍影像' }).click();
  await authority.page.getByRole('button', { name: '指定部门提供' }).click();
  await authority.page.getByLabel('部门', { exact: true }).selectOption({ index: 1 });
  await authority.page.getByRole('button', { name: '指定部门提供' }).last().click();
  await authority.page.getByText('已指定部门').first().waitFor();

  await page.reload();
  await page.getByRole('button', { name: '确认已满足' }).click();
  await page.getByText('已满足').first().waitFor();
  await portal.look(visitor, 'need-met');
  const lead = await portal.enter('civil-affairs.lead');
  await lead.page.goto('/needs/new');
  await lead.page.getByText('只有申请岗可以提需求').waitFor();
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('a search names matched items; an entry tells who uses it, how it is answered and what differs between versions', async () => {
  const { knex } = portal.api.engine.platform;
  const stored = await knex('catalogue_entries').where({ id: 'persons', current: true }).first();
  const next = { ...stored.body, version: stored.version + 1, summary: '新的摘要' };
  await knex('catalogue_entries').where({ id: 'persons', current: true }).update({ current: false });
  await knex('catalogue_entries').insert({ ...stored, version: next.version, body: JSON.stringify(next) });
  const visitor = await portal.enter(REQUESTER);
  const { page } = visitor;
  await page.goto(`/catalogue?q=${encodeURIComponent('手机号码')}`);
  await page.getByText('命中信息项').first().waitFor();
  await page.getByRole('button', { name: '有新的符合这组条件的目录时告诉我' }).click();
  await page.getByText('已订阅，有新的会通知你').waitFor();
  await portal.look(visitor, 'ask-search');
  await page.goto('/catalogue/persons');
  await page.getByRole('button', { name: '有变化告诉我' }).click();
  await page.getByRole('button', { name: '不再告诉我' }).waitFor();
  await page.getByRole('heading', { name: '谁在用' }).waitFor();
  await page.getByRole('button', { name: '比较任意两版' }).click();
  await page.getByText('新的摘要', { exact: true }).last().waitFor();
  await portal.look(visitor, 'ask-entry');
  await page.goto('/notices');
  await page.getByRole('link', { name: '手机号码' }).waitFor();
  await portal.look(visitor, 'ask-subscriptions');
  await page.getByRole('button', { name: '不再告诉我：户籍人口基本信息' }).click();
  await page.getByRole('link', { name: '户籍人口基本信息' }).waitFor({ state: 'detached' });
  const { body } = await portal.api.ask(REQUESTER, 'GET', '/api/catalogue/subscriptions');
  expect(body.items).toMatchObject([{ kind: 'search', search: { q: '手机号码' } }]);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
