import { application } from '../support/api.ts';
import { NOTICE_OF_2027 } from '../support/notices.ts';
import { openPortal, type Portal } from '../support/portal.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';
import { openAlert } from '../api/authorization-monitoring.ts';

let portal: Portal;
let receiver: Receiver;

beforeAll(async () => {
  [portal, receiver] = await Promise.all([openPortal(), startReceiver()]);
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => Promise.all([portal.close(), receiver.close()]));

const REQUESTER = 'civil-affairs.requester';
const AUTHORITY = 'data-bureau.authority';
const ROUTE = '/admin/routes/share-request~conditional';

async function file() {
  return (await portal.api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() })).body;
}

test('a stage is added to a route, a fault is shown in its row and mended; published, a new case follows it', async () => {
  const before = await file();
  const admin = await portal.enter('admin');
  const { page } = admin;
  await page.goto('/admin/routes');
  await page.getByRole('button', { name: '起草新版本 共享申请：有条件共享' }).waitFor();
  await portal.look(admin, 'admin-routes');
  await page.getByRole('button', { name: '起草新版本 共享申请：有条件共享' }).click();
  await page.getByLabel('在 requester-lead 处加环节').selectOption('stage');
  await page.getByLabel('编号').fill('requester-lead');
  await page.getByLabel('编号').press('Tab');
  await page.getByLabel('第 1 席的部门').selectOption('requester');
  await page.getByRole('button', { name: '保存并校验' }).click();
  await page.getByText('环节编号重复').first().waitFor();
  expect(await page.getByText('环节编号重复').count()).toBeGreaterThan(1);
  await portal.look(admin, 'admin-route-fault');
  await page.getByLabel('编号').fill('requester-reviewer');
  await page.getByLabel('编号').press('Tab');
  await page.getByRole('button', { name: '保存并校验' }).click();
  await page.getByText('校验通过').waitFor();
  await page.getByText('由数据局主管岗发布').waitFor();
  await page.locator('svg .djs-shape').first().waitFor({ state: 'attached' });
  await portal.look(admin, 'admin-route-draft');

  const authority = await portal.enter(AUTHORITY);
  await authority.page.goto('/admin/routes');
  await authority.page.getByRole('link', { name: /徐雅琴/ }).click();
  await authority.page.getByLabel('发布说明').fill('先由本部门审核岗看一遍');
  await authority.page.getByRole('button', { name: '发布为新版本' }).click();
  await authority.page.waitForURL((url) => url.pathname === ROUTE);
  await authority.page.getByRole('heading', { name: '第 2 版到第 3 版改了什么' }).waitFor();
  await authority.page.getByRole('button', { name: '试算' }).click();
  await authority.page.getByRole('link', { name: before.number }).waitFor();
  await portal.look(authority, 'admin-route');

  const filed = await file();
  const lead = await portal.api.ask('civil-affairs.lead', 'POST', `/api/tasks/${filed.id}.requester-lead.1/actions`, {
    body: { action: 'approve', seen: filed.form.digest },
  });
  expect(lead.body.case).toMatchObject({ stage: 'requester-reviewer' });
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('a holiday notice is looked at and imported, and the year is official', async () => {
  const authority = await portal.enter('admin');
  const { page } = authority;
  await page.goto('/admin/calendars');
  await page.getByLabel('通知原文').fill(NOTICE_OF_2027);
  await page.getByRole('button', { name: '预览' }).click();
  await page.getByText('国办发明电〔2026〕9号：2027 年').waitFor();
  await portal.look(authority, 'admin-calendars');
  await page.getByRole('button', { name: '发布新日历' }).click();
  await page.getByText('已导入“国办发明电〔2026〕9号”').waitFor();
  await page.getByLabel('年份').selectOption('2027');
  await page.getByText('02-14').or(page.getByText('2027-02-14')).first().waitFor();
  await portal.look(authority, 'admin-calendar-2027');
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('links are seen, a source is tested, an alert is taken up, a rule says what it would say', async () => {
  await openAlert(portal.api);
  const admin = await portal.enter('admin');
  const { page } = admin;
  await page.goto('/admin/links');
  await page.getByRole('heading', { name: '链路', exact: true }).waitFor();
  await portal.look(admin, 'admin-links');
  await page.getByRole('link', { name: '数据源', exact: true }).click();
  await page
    .getByRole('button', { name: /^测试连接/ })
    .first()
    .click();
  await page.getByText(/连接正常/).waitFor();
  await portal.look(admin, 'admin-sources');
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('heading', { name: '现状' }).waitFor();
  await portal.look(admin, 'admin-link');
  await page.goto('/admin/links?view=alerts');
  await page.getByRole('button', { name: '认领', exact: true }).click();
  await page.getByLabel('说明').fill('已联系提供部门');
  await page.getByRole('button', { name: '认领，由我处理' }).click();
  await page.getByText('已联系提供部门').waitFor();
  await portal.look(admin, 'admin-alerts');
  await page.goto('/admin/links?view=rules');
  await page.getByRole('button', { name: '修改 待办超期' }).click();
  await page.getByRole('button', { name: '看现在会说什么' }).click();
  await page.getByText(/按现在的情况/).waitFor();
  await portal.look(admin, 'admin-rules');
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('a webhook is registered, pinged and removed; notices and limits are set', async () => {
  const integrator = await portal.enter('integrator');
  const { page } = integrator;
  await page.goto('/admin/webhooks');
  await page.getByRole('button', { name: '登记 Webhook' }).click();
  await page.getByLabel('地址').fill(receiver.url);
  await page.getByLabel('说明').fill('业务系统');
  await page.getByRole('button', { name: '登记，给出密钥' }).click();
  await page.getByText('签名密钥').waitFor();
  await portal.look(integrator, 'admin-webhooks');
  await page.getByRole('link', { name: '业务系统' }).click();
  await page.getByRole('button', { name: '发一条测试消息' }).click();
  await until(async () => receiver.taken[0]);
  await until(async () => {
    await page.getByRole('button', { name: '刷新' }).click();
    return (await page.getByRole('table').getByText('已送达').count()) > 0 ? true : undefined;
  });
  await portal.look(integrator, 'admin-webhook');
  await page.getByRole('button', { name: '删除', exact: true }).click();
  await page.getByRole('button', { name: '删除，不再发送' }).click();
  await page.getByText('还没有登记 Webhook').waitFor();

  await page.goto('/settings');
  await page.getByLabel('邮箱').fill('integrator@example.org');
  await page.getByLabel('待办 每天汇总').check();
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存，下一条通知起').waitFor();
  await portal.look(integrator, 'settings-notices');

  const admin = await portal.enter('admin');
  await admin.page.goto('/admin/limits');
  await admin.page.getByRole('button', { name: '修改 同一数据源同时交付' }).click();
  await admin.page.getByLabel('同一数据源同时交付', { exact: true }).fill('99');
  await admin.page.getByRole('button', { name: '保存' }).click();
  await admin.page.getByText('须在 1 到 32 之间').waitFor();
  await admin.page.getByLabel('同一数据源同时交付', { exact: true }).fill('4');
  await admin.page.getByRole('button', { name: '保存' }).click();
  await admin.page.getByText('4 个交付').waitFor();
  await portal.look(admin, 'admin-limits');
  admin.forgive(/422/);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('whoever may not see a page is told who may', async () => {
  const requester = await portal.enter(REQUESTER);
  const { page } = requester;
  await page.goto('/admin/limits');
  await page.getByText('限额由数据局管理岗查看和调整').waitFor();
  await page.goto('/admin/webhooks');
  await page.getByText('Webhook 由各部门集成账号登记').waitFor();
  await page.goto('/admin/links?view=rules');
  await page.getByText('告警规则由数据局管理岗维护').waitFor();
  requester.forgive(/403/);
  expect(portal.complaints()).toEqual([]);
});

test('nothing is wrong with any page that was looked at', () => {
  expect(portal.faults).toEqual([]);
});
