import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { draftBy } from '../support/drafts.ts';
import { openPortal, type Portal } from '../support/portal.ts';
import { AUTHORITY, LEAD, type Publishing, publishing, REVIEWER } from '../support/publishing.ts';

let portal: Portal;
let by: Publishing;
let folder: string;

beforeAll(async () => {
  portal = await openPortal();
  by = await publishing(portal.api);
  folder = await mkdtemp(join(tmpdir(), 'santong-provide-'));
  const client = new pg.Client({ connectionString: portal.api.engine.departmentUrl('public-security') });
  await client.connect();
  for (const statement of [
    'create schema survey',
    'create table survey.residents (like public.persons including all)',
    "comment on table survey.residents is '常住人口 · 梳理用'",
    'insert into survey.residents select * from public.persons',
    'grant usage on schema survey to public',
    'grant select on survey.residents to public',
  ])
    await client.query(statement);
  await client.end();
}, 120_000);
afterEach(() => portal.empty());
afterAll(async () => {
  await portal.close();
  await rm(folder, { recursive: true });
});

/** What stands in the list of what is missing is gone: the draft is sound and saved. */
async function isSound(page: Page): Promise<void> {
  await page.getByText('内容齐了，可以报送。').waitFor();
}

async function attach(page: Page, to: string): Promise<void> {
  const paper = { name: '评估.txt', mimeType: 'text/plain', buffer: Buffer.from('评估') };
  await page.getByRole('group', { name: to }).getByLabel('选文件').setInputFiles(paper);
  await page.getByRole('group', { name: to }).getByText('评估.txt').waitFor();
}

test('a compiler makes an entry of a table, answers its suggestions, completes and files it, and it is published', async () => {
  const compiler = await portal.enter(REVIEWER);
  const { page } = compiler;
  await page.getByRole('link', { name: '目录编制' }).first().click();
  await page.getByText('没有草稿').waitFor();
  await portal.look(compiler, 'provide-entries-empty');

  await page.getByRole('link', { name: '从数据库编目' }).click();
  await page.getByRole('button', { name: '看有哪些表' }).click();
  await page.getByRole('checkbox', { name: 'survey.residents' }).check();
  await page.getByRole('button', { name: '开始梳理 1 批' }).click();
  await page.getByText('已完成 1 / 1').waitFor();
  await portal.look(compiler, 'provide-compile');
  await page.getByRole('link', { name: '常住人口' }).click();

  await page.getByRole('heading', { name: /建议 \d+ 条/ }).waitFor();
  await page.getByText('200个值中有200个是校验码正确的公民身份号码').waitFor();
  await portal.look(compiler, 'provide-suggestions');
  await page.getByRole('button', { name: /^采纳 .*公民身份号码/ }).click();
  await page.getByText('200个值中有200个是校验码正确的公民身份号码').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^不采纳 .*号牌/ }).click();
  await page.getByText(/个是机动车号牌/).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '全部采纳' }).click();
  await page.getByRole('heading', { name: /条，采纳了才生效/ }).waitFor({ state: 'detached' });

  await page.getByLabel('基础信息分类').selectOption('人口');
  await page.getByLabel('更新周期').selectOption('daily');
  await page.getByLabel('来源', { exact: true }).fill('人口信息系统');
  await page.getByRole('radio', { name: /^有条件共享/ }).check();
  await page.getByRole('checkbox', { name: /^批量交换/ }).check();
  await page.getByLabel('使用范围').fill('本市常住人口');
  await page.getByLabel('用途，一行一个').fill('社会救助资格核验');
  await page.getByText(/已自动保存/).waitFor();
  // Whatever else is open is told beside the form, with a way to it.
  const gaps = page.getByRole('complementary', { name: /还差 \d+ 处/ });
  await gaps.waitFor();
  await page.getByRole('button', { name: '空着的填成 2 级、不是个人信息、不脱敏' }).click();
  await isSound(page);
  await page.getByText('已与数据表核对，信息项一致。').waitFor();
  await portal.look(compiler, 'provide-draft');

  await page.getByRole('button', { name: '报送发布' }).click();
  await page.getByRole('heading', { level: 1, name: '报送发布“常住人口”' }).waitFor();
  await portal.look(compiler, 'provide-file');
  await attach(page, '保密风险评估');
  await attach(page, '个人信息保护影响评估');
  await page.getByRole('button', { name: '报送', exact: true }).click();
  await page.waitForURL(/\/cases\//);
  const caseId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.getByRole('heading', { name: '办到哪了' }).waitFor();
  await by.decide(LEAD, caseId, 'lead');
  await by.decide(AUTHORITY, caseId, 'authority');
  await by.comesTo(caseId, 'completed');

  await page.goto('/provide/entries?view=published');
  await page.getByRole('row', { name: /常住人口.*数据表.*已发布/ }).waitFor();
  await portal.look(compiler, 'provide-published');
  await page.getByRole('link', { name: '撤销 常住人口' }).click();
  await page.getByText('没有部门在用，不影响别人。').waitFor();
  await portal.look(compiler, 'provide-withdraw');
  await page.goto('/provide/entries?view=published');
  await page.getByRole('link', { name: '暂停 常住人口' }).click();
  await page.getByLabel('理由').fill('系统改造');
  await page.getByRole('button', { name: '报送暂停' }).click();
  await page.waitForURL(/\/cases\//);
  await page.getByRole('heading', { name: '办到哪了' }).waitFor();
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 180_000);

test('a file with faults comes in as far as it is sound, and its report says which row lacks what', async () => {
  const compiler = await portal.enter(REVIEWER);
  const { page } = compiler;
  await page.goto('/provide/entries/import');
  await page.getByText('还没有导入过').waitFor();
  const path = join(folder, '公安目录.csv');
  const rows = [
    '信息资源名称,信息资源摘要,信息项名称,字段名,数据类型,数据长度,共享类型,更新周期',
    '出入境证件签发,本市签发的证件,证件号码,cert_no,字符型C,9,有条件共享,每日',
    '边境通行记录,本市记录,"姓名,曾用名",name,火星型,20,随便共享,每日',
  ];
  await writeFile(path, rows.join('\r\n'));
  await page.getByLabel('选文件').setInputFiles(path);
  await page.getByRole('heading', { name: '“公安目录.csv”的导入报告' }).waitFor();
  await page.getByText('进来 1 个目录项，成为草稿。').waitFor();
  const report = page.getByRole('table', { name: '“公安目录.csv”的导入报告' });
  await report.getByRole('row', { name: /第 3 行.*无法识别“随便共享”/ }).waitFor();
  await portal.look(compiler, 'provide-import');
  await page.getByRole('link', { name: '去看草稿' }).click();
  await page.getByRole('row', { name: /出入境证件签发.*文件.*还差 \d+ 处/ }).waitFor();
  await portal.look(compiler, 'provide-entries');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('two tabs write on one draft: both changes are kept, and the later one is told of the other’s', async () => {
  const { body: made } = await draftBy(portal.api, REVIEWER);
  const one = await portal.enter(REVIEWER);
  const other = await portal.enter(REVIEWER);
  for (const { page } of [one, other]) await page.goto(`/provide/entries/drafts/${made.id}`);
  await one.page.getByLabel('摘要').fill('一边写的摘要');
  await one.page.getByText(/已自动保存/).waitFor();
  await other.page.getByLabel('来源', { exact: true }).fill('另一边写的来源');
  await other.page.getByText('别人刚改了这份草稿：摘要。').waitFor();
  await other.page.getByText(/已自动保存/).waitFor();
  const { body: draft } = await portal.api.ask(REVIEWER, 'GET', `/api/catalogue/drafts/${made.id}`);
  expect(draft.body).toMatchObject({ summary: '一边写的摘要', provenance: '另一边写的来源' });
  await portal.look(other, 'provide-draft-both');
  other.forgive(/412/);

  // Items move and go, and the list of what is missing leads to the field.
  const { page } = other;
  await page.getByRole('button', { name: '下移 证件号码' }).click();
  await page.getByRole('button', { name: '去掉 记录号' }).click();
  await page.getByRole('button', { name: '主键' }).click();
  await page.getByRole('textbox', { name: '姓名的名称' }).fill('');
  await page.getByRole('button', { name: /第 1 项 name · 名称/ }).click();
  expect(await page.evaluate('document.activeElement.id')).toBe('at-items-0-name');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Sharing and opening' }).waitFor();
  await portal.look(other, 'provide-draft-en');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('the authority and the sharing lead read along: nothing is offered that they may not do', async () => {
  const { body: made } = await draftBy(portal.api, REVIEWER);
  for (const account of [AUTHORITY, LEAD]) {
    const { page } = await portal.enter(account);
    await page.goto('/provide/entries');
    await page.getByRole('link', { name: '居住证持有人' }).first().waitFor();
    expect(await page.getByRole('button', { name: '手工新建' }).count()).toBe(0);
    await page.goto(`/provide/entries/drafts/${made.id}`);
    await page.getByText(/^只读/).waitFor();
    expect(await page.getByLabel('摘要').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: '报送发布' }).count()).toBe(0);
    await page.goto('/provide/sources');
    await page.getByRole('row', { name: /户籍人口基本信息/ }).waitFor();
    for (const to of ['services', 'grants', 'reconciliations']) {
      await page.goto(`/provide/${to}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
    }
  }
  expect(portal.complaints()).toEqual([]);
}, 120_000);
