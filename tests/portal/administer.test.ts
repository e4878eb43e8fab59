import { logIn } from '../support/browser.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

test('an administrator adds somebody, who chooses a password and sees the inbox, and is shut out again', async () => {
  const admin = await portal.enter('admin');
  const { page } = admin;
  await page.getByRole('link', { name: '部门与人员' }).click();
  await page.getByRole('link', { name: '新增人员' }).waitFor();
  await portal.look(admin, 'admin-people');
  await page.getByRole('link', { name: '新增人员' }).click();
  await page.getByRole('textbox', { name: '账号' }).fill('transport.lin');
  await page.getByLabel('姓名').fill('林晓');
  await page.getByLabel('部门', { exact: true }).selectOption({ label: '交通运输局' });
  await page.getByRole('checkbox', { name: /^审核岗/ }).check();
  await page.getByRole('checkbox', { name: /^审计岗/ }).check();
  await page.getByRole('button', { name: '新增并生成密码' }).click();
  await page.getByText('有 2 处要改').waitFor();
  await portal.look(admin, 'admin-person-faults');
  await page.getByRole('checkbox', { name: /^审计岗/ }).uncheck();
  await page.getByRole('button', { name: '新增并生成密码' }).click();
  const password = await page.locator('code').innerText();
  await portal.look(admin, 'admin-person');

  const newcomer = await portal.come();
  await logIn(newcomer, 'transport.lin', password);
  await newcomer.page.getByRole('heading', { name: '先设置自己的密码' }).waitFor();
  await newcomer.page.getByLabel('现在的密码').fill(password);
  await newcomer.page.getByLabel('新密码', { exact: true }).fill('清晨的第一班公交车从南站开出');
  await newcomer.page.getByLabel('再写一遍新密码').fill('清晨的第一班公交车从南站开出');
  await portal.look(newcomer, 'settings-password-first');
  await newcomer.page.getByRole('button', { name: '改密码' }).click();
  await newcomer.page.getByRole('navigation', { name: '栏目' }).waitFor();
  await newcomer.page.goto('/tasks');
  await newcomer.page.getByRole('heading', { name: '待办', level: 1 }).waitFor();

  await page.getByRole('button', { name: '停用账号' }).click();
  await page.getByRole('button', { name: '停用，立即退出登录' }).click();
  await page.getByText('已停用').first().waitFor();
  await page.getByText('岗位：审核岗').waitFor();
  await newcomer.page.reload();
  await newcomer.page.getByLabel('账号').waitFor();
  newcomer.forgive(/401/);
  admin.forgive(/422/);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('departments are kept, a stand-in is named for somebody and ended; others are told who may', async () => {
  const admin = await portal.enter('admin');
  const { page } = admin;
  await page.goto('/admin/people?view=departments');
  await page.getByRole('button', { name: '新增部门' }).click();
  await page.getByLabel('标识').fill('harbour');
  await page.getByLabel('名称', { exact: true }).fill('明湖市港航局');
  await page.getByLabel('英文名称').fill('Harbour Bureau');
  await page.getByLabel('统一社会信用代码').fill('123');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('有 1 处要改').waitFor();
  await portal.look(admin, 'admin-departments');
  await page.getByLabel('统一社会信用代码').fill('11370000MB0000009X');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存“明湖市港航局”').waitFor();

  await page.getByRole('link', { name: '代理', exact: true }).click();
  await page.getByRole('button', { name: '代为指定' }).click();
  await page.getByLabel('谁不在').selectOption('civil-affairs.lead');
  await page.getByLabel('由谁代理').selectOption('civil-affairs.reviewer');
  await portal.look(admin, 'admin-absences');
  await page.getByRole('button', { name: '登记代理' }).click();
  await page.getByText('代理中').waitFor();
  await page.getByRole('button', { name: /^结束代理/ }).click();
  await page.getByText('待办回到本人').waitFor();
  admin.forgive(/422/);

  const lead = await portal.enter('civil-affairs.lead');
  await lead.page.goto('/admin/people');
  await lead.page.getByText('人员和部门由数据局管理岗维护').waitFor();
  await portal.look(lead, 'admin-barred');
  lead.forgive(/403/);
  await lead.page.goto('/settings/absences');
  await lead.page.getByRole('button', { name: '指定我的代理人' }).click();
  await lead.page.getByLabel('由谁代理').selectOption('civil-affairs.reviewer');
  await lead.page.getByRole('button', { name: '登记代理' }).click();
  await lead.page.getByText('代理中').waitFor();
  await portal.look(lead, 'settings-absences');
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('nothing is wrong with any page that was looked at', () => {
  expect(portal.faults).toEqual([]);
});
