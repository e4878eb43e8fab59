import pg from 'pg';
import type { Page } from 'playwright-core';
import type { Entry } from '../../domain/catalogue.ts';
import { findEntry, insertEntryVersion } from '../../store/catalogue.ts';
import { callService, PROVIDER, serviceGrant } from '../support/gateway.ts';
import { deliveryOf, grantedCase } from '../support/grant.ts';
import { openPortal, type Portal } from '../support/portal.ts';
import { databaseProxy } from '../support/proxy.ts';
import { LEFT } from '../support/reconciliations.ts';
import { until } from '../support/until.ts';
import { beginReconciliation } from '../support/reconciling-page.ts';

let portal: Portal;
let proxy: Awaited<ReturnType<typeof databaseProxy>>;

beforeAll(async () => {
  portal = await openPortal();
  proxy = await databaseProxy(portal.api.engine.departmentUrl('public-security'));
}, 120_000);
afterEach(() => portal.empty());
afterAll(async () => {
  await portal.close();
  await proxy.close();
});

async function inDepartment(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: portal.api.engine.departmentUrl('public-security') });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function typeConnection(page: Page, password: string): Promise<void> {
  const url = new URL(proxy.url);
  await page.getByLabel('主机').fill(url.hostname);
  await page.getByLabel('端口').fill(url.port);
  await page.getByLabel('库名').fill(url.pathname.slice(1));
  await page.getByLabel('加密').selectOption('none');
  await page.getByRole('textbox', { name: '账号' }).fill(decodeURIComponent(url.username));
  await page.getByLabel('密码').fill(password);
}

test('a source is registered with a wrong password, which the test explains, then with the right one; nothing of it is shown again', async () => {
  const compiler = await portal.enter(PROVIDER);
  const { page } = compiler;
  await page.goto('/provide/sources');
  await page
    .getByRole('row', { name: /PostgreSQL 数据库/ })
    .first()
    .waitFor();
  await page.getByRole('link', { name: '登记数据源' }).click();
  await page.getByRole('button', { name: '保存并测试' }).click();
  await page.getByRole('alert').waitFor();
  compiler.forgive(/422/);
  await portal.look(compiler, 'provide-source-faults');
  await page.getByLabel('名称').fill('人口库备份');
  await typeConnection(page, 'not-the-password');
  await page.getByRole('button', { name: '保存并测试' }).click();
  await page.getByText(/问数据库管理员要只读账号/).waitFor();
  await portal.look(compiler, 'provide-source-refused');
  expect(await page.getByLabel('密码').inputValue()).toBe('');
  // What is no secret need not be typed again.
  expect(await page.getByLabel('主机').inputValue()).toBe(new URL(proxy.url).hostname);
  await page.getByLabel('密码').fill(decodeURIComponent(new URL(proxy.url).password));
  await page.getByRole('button', { name: '保存并测试' }).click();
  await page.getByText('连接正常').waitFor();
  expect(await page.getByLabel('密码').count()).toBe(0);
  await portal.look(compiler, 'provide-source-works');
  await page.goto('/provide/sources');
  await page.getByRole('button', { name: '测试连接 人口库备份' }).click();
  await page.getByText('连接正常').waitFor();
  await portal.look(compiler, 'provide-sources');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('a column that changes is found, with what it was and is, and the entry is changed from there', async () => {
  await inDepartment(
    'create schema watched',
    'create table watched.moves (id int primary key, word varchar(20), day date)',
    'grant usage on schema watched to public',
    'grant select on watched.moves to public',
  );
  const { knex } = portal.api.engine.platform;
  const persons = await findEntry(knex, 'persons');
  if (!persons) throw new Error('No persons');
  const item = { grade: 2, personal: false, mask: 'none', nameEn: 'x' } as const;
  const moves: Entry = {
    ...persons,
    id: 'moves',
    version: 1,
    code: '301006/900001',
    name: '迁移记录',
    nameEn: 'Moves',
    items: [
      { ...item, id: 'id', name: '编号', type: 'I' },
      { ...item, id: 'word', name: '说明', type: 'C', length: 20 },
      { ...item, id: 'day', name: '日期', type: 'D' },
    ],
    key: ['id'],
    mount: { sourceId: 'public-security-main', schema: 'watched', table: 'moves' },
  };
  await knex.transaction((trx) => insertEntryVersion(trx, moves));
  const look = async () => {
    await knex('data_sources').update({ watch_at: new Date(0) });
    await portal.api.app.watching.round();
  };
  await look();
  await inDepartment('alter table watched.moves drop column day, alter word type varchar(30)');
  await look();

  const compiler = await portal.enter(PROVIDER);
  const { page } = compiler;
  await page.goto('/provide/sources?view=mounts');
  await page.getByRole('row', { name: /迁移记录.*有变化，看巡检/ }).waitFor();
  await portal.look(compiler, 'provide-mounts');
  await page.getByRole('link', { name: '有变化，看巡检' }).first().click();
  await page.getByRole('row', { name: /迁移记录.*长度变长.* 20 30 / }).waitFor();
  await page.getByRole('row', { name: /迁移记录.*字段没有了/ }).waitFor();
  await portal.look(compiler, 'provide-drifts');
  await page.getByRole('button', { name: '变更目录 迁移记录' }).first().click();
  await page.getByText('所挂接的数据中没有字段“day”').first().waitFor();
  await page.getByText('第 1 版的变更').waitFor();
  await portal.look(compiler, 'provide-draft-change');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('a service is registered with its filters, called under a grant, and its use is told by requester', async () => {
  const compiler = await portal.enter(PROVIDER);
  const { page } = compiler;
  await page.goto('/provide/services/new');
  await page.getByLabel('目录项').selectOption({ label: '户籍人口基本信息' });
  await page.getByLabel('名称').fill('人口信息查询');
  await page.getByLabel('调用标识').fill('Persons');
  await page.getByRole('checkbox', { name: '性别 等于' }).check();
  await page.getByRole('button', { name: '登记服务' }).click();
  await page.getByRole('alert').first().waitFor();
  compiler.forgive(/422/);
  await page.getByLabel('调用标识').fill('persons');
  await portal.look(compiler, 'provide-service');
  await page.getByRole('button', { name: '登记服务' }).click();
  await page.getByRole('row', { name: /人口信息查询.*1 个条件.*开通/ }).waitFor();
  await portal.look(compiler, 'provide-services');
  const { key, grantId } = await serviceGrant(portal.api);
  expect((await callService(portal.api.url, key, '/gateway/persons?sex=1')).status).toBe(200);
  expect((await callService(portal.api.url, key, '/gateway/persons?colour=1')).status).toBe(422);
  const { body: grant } = await portal.api.ask(PROVIDER, 'GET', `/api/grants/${grantId}`);
  // Calls are written down a moment after they are answered.
  await until(async () => {
    const { knex } = portal.api.engine.platform;
    const row = await knex('gateway_usage').where({ grant_id: grantId }).sum({ calls: 'calls' }).first();
    return Number(row?.['calls']) === 2;
  });
  await page.goto('/provide/services?view=usage');
  await page.getByRole('row', { name: new RegExp(`民政局.*${grant.number}.*persons 2 `) }).waitFor();
  await page.getByText('看成表').click();
  await portal.look(compiler, 'provide-usage');
  await page.goto('/provide/services/persons');
  await page.getByLabel('状态').selectOption('closed');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存，马上生效。').waitFor();
  expect((await callService(portal.api.url, key, '/gateway/persons')).status).not.toBe(200);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('deliveries are followed: one that fails says why and what to do, one that went well is verified', async () => {
  const { grantId } = await grantedCase(portal.api, { items: ['name', 'mobile'] });
  await deliveryOf(portal.api, grantId);
  const provider = await portal.enter(PROVIDER);
  const { page } = provider;
  await page.goto('/provide/grants');
  await page
    .getByRole('row', { name: /户籍人口基本信息.*民政局.*有效/ })
    .first()
    .waitFor();
  await portal.look(provider, 'provide-grants');
  await page.getByRole('link', { name: '交付', exact: true }).click();
  await page
    .getByRole('row', { name: /民政局.*已交付/ })
    .first()
    .waitFor();
  await page
    .getByRole('row', { name: /已交付/ })
    .getByRole('link', { name: '户籍人口基本信息' })
    .first()
    .click();
  await page.getByRole('button', { name: '现在核验' }).click();
  await page.getByText('交付与批准一致').waitFor();
  await portal.look(provider, 'provide-delivery');
  await inDepartment('alter table persons rename column mobile to phone');
  await page.getByRole('button', { name: '现在交付' }).click();
  await page.getByText('没有交付成').waitFor();
  await portal.look(provider, 'provide-delivery-failed');
  await inDepartment('alter table persons rename column phone to mobile');
  await page.goto('/provide/grants?view=deliveries');
  await page.getByRole('row', { name: /失败.*提供部门的数据表与目录不一致/ }).waitFor();
  await portal.look(provider, 'provide-deliveries');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('what differs between two departments is compared by the authority, and settled by the one whose data it is, with a reason', async () => {
  const id = await beginReconciliation(portal);
  const provider = await portal.enter(LEFT);
  const { page } = provider;
  await page.goto('/provide/reconciliations');
  await portal.look(provider, 'provide-reconciliations');
  await page.getByRole('link', { name: '沈阳市乡级区划核对' }).click();
  const rows = page.getByRole('table', { name: '差异' }).getByRole('row');
  await rows.nth(1).waitFor();
  await page.getByRole('checkbox', { name: /^选 / }).nth(1).check();
  await page.getByRole('radio', { name: '都对，有原因' }).check();
  await page.getByLabel('理由').fill('2025 年撤乡设街道');
  await portal.look(provider, 'provide-reconciliation');
  await page.getByRole('button', { name: '处理 1 条' }).click();
  await page.getByText(/已处理 1；/).waitFor();
  await page.getByRole('button', { name: '已处理' }).click();
  await page.getByRole('row', { name: /都对，有原因.*2025 年撤乡设街道/ }).waitFor();
  await portal.look(provider, 'provide-reconciliation-settled');
  const file = page.waitForEvent('download');
  await page.getByRole('link', { name: '导出差异' }).click();
  expect((await file).suggestedFilename()).toContain('对账差异');
  const { body } = await portal.api.ask(LEFT, 'GET', `/api/reconciliations/${id}`);
  expect(body.settled).toBe(1);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
