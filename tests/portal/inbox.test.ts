import { application } from '../support/api.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;
const LEAD = 'civil-affairs.lead';

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

interface Filed {
  readonly id: string;
  readonly number: string;
  readonly digest: string;
}

async function file(): Promise<Filed> {
  const ask = { body: application() };
  const { body } = await portal.api.ask('civil-affairs.requester', 'POST', '/api/share-requests', ask);
  return { id: body.id, number: body.number, digest: body.form.digest };
}

function approve(account: string, stage: string, { id, digest }: Filed) {
  const body = { action: 'approve', seen: digest };
  return portal.api.ask(account, 'POST', `/api/tasks/${id}.${stage}.1/actions`, { body });
}

/** How often a case was answered. */
async function answers({ id }: Filed): Promise<number> {
  const { body } = await portal.api.ask(LEAD, 'GET', `/api/cases/${id}/events`);
  return body.items.filter(({ event }: { event: { type: string } }) => event.type === 'answered').length;
}

test('an inbox is narrowed, the filters stay in the address and under a name, and many are decided with a result for each', async () => {
  const filed = [await file(), await file(), await file(), await file()] as const;
  const [first, second, third, fourth] = filed;
  const visitor = await portal.enter(LEAD);
  const { page } = visitor;
  await page.goto('/tasks');
  const row = ({ number }: Filed) => page.getByRole('row').filter({ hasText: number });
  await row(fourth).waitFor();

  await page.getByLabel('事项').selectOption('争议');
  await page.getByText('没有符合筛选的办件').waitFor();
  await portal.look(visitor, 'inbox-none-fit');
  await page.getByLabel('事项').selectOption('共享申请');
  await page.getByLabel('申请部门').selectOption('民政局');
  await page.getByLabel('标题或办件号').fill(third.number);
  await row(first).waitFor({ state: 'detached' });
  await row(third).waitFor();
  await page.waitForURL(({ search }) => search === `?kind=share-request&requester=civil-affairs&q=${third.number}`);
  await page.getByRole('button', { name: '存为常用' }).click();
  await page.getByLabel('给这组筛选起个名').fill('只看第三件');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '清除筛选' }).click();
  await row(first).waitFor();
  await page.reload();
  await page.getByRole('button', { name: '只看第三件', exact: true }).click();
  await row(first).waitFor({ state: 'detached' });
  await row(third).waitFor();
  await portal.look(visitor, 'inbox-view');
  await page.goBack();
  await row(first).waitFor();

  // Space on a row chooses it as the box beside it does.
  await row(first).getByRole('checkbox').check();
  await row(second).getByRole('link').first().focus();
  await page.keyboard.press('Space');
  await row(third).getByRole('checkbox').check();
  await page.getByText('选了 3 件').waitFor();
  await portal.look(visitor, 'inbox-chosen');
  // Meanwhile one of them is decided elsewhere.
  expect((await approve(LEAD, 'requester-lead', third)).status).toBe(200);
  await page.getByRole('button', { name: '一起同意' }).click();
  await page.getByLabel('意见（可不写，写了记在每一件上）').fill('材料真实、合法、必要');
  await portal.look(visitor, 'batch-sheet');
  await page.getByRole('button', { name: '签署：同意 3 件' }).dblclick();
  await page.getByRole('heading', { name: '办成 2 件 没办成 1 件' }).waitFor();
  const results = page.getByRole('table', { name: '每件的结果' });
  const [refused] = await results.getByRole('row').filter({ hasText: 'SQ-' }).all();
  expect(await refused?.textContent()).toContain(third.number);
  expect(await refused?.textContent()).toContain('打开看现在办到哪了');
  await row(fourth).waitFor();
  await portal.look(visitor, 'batch-result');
  expect(await Promise.all(filed.map(answers))).toEqual([1, 1, 1, 0]);
  await page.getByRole('button', { name: '收起结果' }).click();
  await results.waitFor({ state: 'detached' });

  await row(fourth).getByRole('checkbox').check();
  await page.getByRole('button', { name: '一起不同意' }).click();
  await page.getByRole('button', { name: '签署：不同意 1 件' }).click();
  await page.getByRole('alert').filter({ hasText: '选一项理由' }).waitFor();
  await page.getByLabel('不同意的理由').selectOption('超出必要范围');
  await page.getByLabel('意见', { exact: true }).fill('范围超出用途');
  await page.getByRole('button', { name: '签署：不同意 1 件' }).click();
  await results.getByText('已签署：不同意').waitFor();
  const { body } = await portal.api.ask(LEAD, 'GET', `/api/cases/${fourth.id}`);
  expect(body.status).toBe('refused');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('of what is due by law the inbox shows what a date asks for', async () => {
  const filed = await file();
  await approve(LEAD, 'requester-lead', filed);
  const { page } = await portal.enter('public-security.reviewer');
  await page.goto('/tasks');
  const row = page.getByRole('row').filter({ hasText: filed.number });
  await row.waitFor();
  await page.getByLabel('法定到期').selectOption('法定已超');
  await page.getByText('没有符合筛选的办件').waitFor();
  await page.getByLabel('法定到期').selectOption('某日及以前到期');
  await page.getByLabel('某日及以前到期').fill('2099-01-01');
  await row.waitFor();
  expect(portal.complaints()).toEqual([]);
}, 120_000);
