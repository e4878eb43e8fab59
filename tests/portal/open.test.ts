import { application } from '../support/api.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;

const AUTHORITY = 'data-bureau.authority';

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

test('whoever has no account finds entries, reads why one is withheld, figures, policies, and goes to log in and back', async () => {
  const visitor = await portal.come();
  const { page } = visitor;
  await page.goto('/login');
  await page.getByRole('link', { name: '看公开站（不用登录）' }).click();
  await page.getByRole('heading', { name: '全市政务数据的目录、统计和政策' }).waitFor();
  await page.getByRole('link', { name: '政务数据共享条例' }).waitFor();
  await portal.look(visitor, 'open-home');
  await page.getByPlaceholder('搜目录、政策、新闻、培训资料').fill('申请');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: '文章', exact: true }).waitFor();
  await page.getByRole('link', { name: '怎样提出共享申请' }).waitFor();
  await portal.look(visitor, 'open-search');
  await page.getByPlaceholder('搜目录、政策、新闻、培训资料').fill('没有的东西');
  await page.keyboard.press('Enter');
  await page.getByText('没有找到“没有的东西”').waitFor();

  await page.getByRole('link', { name: '数据', exact: true }).click();
  await page.getByLabel('不予共享').check();
  await page.getByRole('link', { name: '未成年人犯罪记录封存索引' }).waitFor();
  await portal.look(visitor, 'open-data');
  await page.getByRole('link', { name: '未成年人犯罪记录封存索引' }).click();
  await page.getByRole('heading', { name: '为什么不予共享' }).waitFor();
  await page.getByText('不予共享，依据《中华人民共和国刑事诉讼法》第二百八十六条').waitFor();
  expect(await page.title()).toBe('未成年人犯罪记录封存索引 · 沈阳市政务数据共享');
  await portal.look(visitor, 'open-withheld');
  await page.goto('/open/data/persons');
  await page.getByText('另有 8 项因分级或不予共享，不向社会列名。').waitFor();
  expect(await page.getByText('手机号码').count()).toBe(0);
  await portal.look(visitor, 'open-entry');

  await page.getByRole('link', { name: '统计', exact: true }).click();
  await page.getByRole('heading', { name: '各主题的目录和授权' }).waitFor();
  await portal.look(visitor, 'open-statistics');
  await page.getByRole('link', { name: '政策法规', exact: true }).click();
  await page.getByText('国务院令第809号').waitFor();
  await portal.look(visitor, 'open-policies');
  await page.getByRole('link', { name: '政务数据共享条例' }).click();
  await page.getByRole('cell', { name: '收到申请后 1 个工作日内答复' }).waitFor();
  expect(await page.getByRole('link', { name: '看原文：中国政府网' }).getAttribute('href')).toMatch(
    /^https:\/\/www\.gov\.cn\//,
  );
  await portal.look(visitor, 'open-policy');
  await page.getByRole('link', { name: '培训资料', exact: true }).click();
  await page.getByRole('link', { name: '怎样审核与答复' }).waitFor();
  await portal.look(visitor, 'open-training');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('link', { name: 'How to review and answer a request' }).waitFor();
  await portal.look(visitor, 'open-english');
  await page.getByRole('link', { name: 'Log in', exact: true }).click();
  await page.getByLabel('Account').waitFor();
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('the authority writes, publishes and withdraws; visitors see it at once, and what looks like a script is text', async () => {
  const authority = await portal.enter(AUTHORITY);
  const { page } = authority;
  await page.goto('/open/manage');
  await page.getByRole('link', { name: '怎样提出共享申请' }).waitFor();
  await portal.look(authority, 'open-manage');
  await page.getByRole('link', { name: '写文章' }).click();
  await page.getByRole('heading', { name: '编写' }).waitFor();
  await page.getByLabel('类别').selectOption('policy');
  await page.getByLabel('标题', { exact: true }).fill('关于国庆期间办理的通知');
  await page.getByLabel('摘要', { exact: true }).fill('期限按工作日计算。');
  await page
    .getByLabel('正文')
    .fill(
      '## 安排\n\n<script>window.ran = true</script><img src=x onerror="window.ran = true">\n\n- [坏链接](javascript:alert(1))',
    );
  await page.getByRole('button', { name: '保存' }).click();
  await page.waitForURL(/\/open\/manage\/[\da-f-]{36}/);
  await page.getByText('已保存，还没有发布。').waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByText('提交的内容有误').waitFor();
  expect(await page.getByLabel('发布机关').getAttribute('aria-invalid')).toBe('true');
  await portal.look(authority, 'open-editor');
  await page.getByLabel('发布机关').fill('沈阳市数据局');
  await page.getByLabel('成文日期').fill('2026-09-20');
  await page.locator('input[type=file]').setInputFiles({
    name: '放假安排.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('十月一日至八日'),
  });
  await page.getByText('放假安排.txt').first().waitFor();
  await page.getByRole('button', { name: '预览' }).click();
  await page.getByRole('heading', { name: '安排' }).waitFor();
  await portal.look(authority, 'open-preview');
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByText('已发布，任何人都看得到了。').waitFor();

  const visitor = await portal.come();
  await visitor.page.goto('/open/policies');
  await visitor.page.getByRole('link', { name: '关于国庆期间办理的通知' }).click();
  await visitor.page.getByText('<script>window.ran = true</script>').waitFor();
  await visitor.page.getByText('[坏链接](javascript:alert(1))').waitFor();
  expect(await visitor.page.evaluate('window.ran')).toBeUndefined();
  expect(await visitor.page.locator('main img, main script').count()).toBe(0);
  await portal.look(visitor, 'open-article');
  const [file] = await Promise.all([
    visitor.page.waitForEvent('download'),
    visitor.page.getByRole('link', { name: '放假安排.txt' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('放假安排.txt');
  // The page has its title before any script has run.
  const raw = await (await fetch(`${portal.api.url}/open/articles/${id}`, { headers: { Accept: 'text/html' } })).text();
  expect(raw).toContain('<title>关于国庆期间办理的通知 · 沈阳市政务数据共享</title>');
  expect(raw).not.toContain('window.ran');

  await page.getByRole('button', { name: '编写' }).click();
  await page.getByLabel('标题', { exact: true }).fill('关于国庆期间办理的补充通知');
  // The browser keeps what nobody has saved.
  await page.waitForTimeout(600);
  await page.reload();
  expect(await page.getByLabel('标题', { exact: true }).inputValue()).toBe('关于国庆期间办理的补充通知');
  await page.getByRole('button', { name: '发布', exact: true }).click();
  await page.getByText('已发布，任何人都看得到了。').waitFor();
  await visitor.page.reload();
  await visitor.page.getByRole('heading', { name: '关于国庆期间办理的补充通知' }).waitFor();
  await visitor.page.getByRole('link', { name: '第 1 版' }).click();
  await visitor.page.getByText('这是第 1 版，已有更新。').waitFor();

  await page.getByRole('button', { name: '撤下' }).click();
  await page.getByRole('button', { name: '撤下' }).last().click();
  await page.getByText('写明为什么撤下。').waitFor();
  await page.getByLabel('为什么撤下').fill('已有新通知');
  await page.getByRole('button', { name: '撤下' }).last().click();
  await page.getByText('已撤下，公开站不再显示。').waitFor();
  await visitor.page.goto(`/open/articles/${id}`);
  await visitor.page.getByText('没有找到').waitFor();
  visitor.forgive(/404/);
  authority.forgive(/422/);

  const auditor = await portal.enter('auditor');
  await auditor.page.goto(`/open/manage/${id}`);
  await auditor.page.getByText('只有主管岗可以写和发布；你可以看。').waitFor();
  expect(await auditor.page.getByRole('button', { name: '保存' }).count()).toBe(0);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('who is logged in searches cases as well, and goes back to work', async () => {
  const { body } = await portal.api.ask('civil-affairs.requester', 'POST', '/api/share-requests', {
    body: application(),
  });
  const requester = await portal.enter('civil-affairs.requester');
  const { page } = requester;
  await page.goto(`/open/search?q=${encodeURIComponent(body.number)}`);
  await page.getByRole('link', { name: body.number }).waitFor();
  await portal.look(requester, 'open-search-cases');
  await page.getByRole('link', { name: '回到工作台' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
