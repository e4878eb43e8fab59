import { application } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;
const LEAD = 'civil-affairs.lead';
const REVIEWER = 'public-security.reviewer';

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

/** More than what was given before: each further item says why. */
const REASONS = { mobile: '通知申请人领取救助金', address: '上门核查' };

async function file(changes: Record<string, unknown> = {}) {
  const asked = application({ reasons: REASONS, ...changes });
  const { body } = await portal.api.ask(REQUESTER, 'POST', '/api/share-requests', { body: asked });
  return { id: String(body.id), digest: String(body.form.digest) };
}

async function at(account: string, { id, digest }: { id: string; digest: string }, stage: string, body: object) {
  const answer = await portal.api.ask(account, 'POST', `/api/tasks/${id}.${stage}.1/actions`, {
    body: { ...('missing' in body ? {} : { seen: digest }), ...body },
  });
  expect(answer.status).toBe(200);
}

test('whoever decides sees what the same department was given before: items, rows, period and what became of it', async () => {
  const { grantId } = await grantedCase(portal.api, { items: ['name', 'id_card'] });
  await deliveryOf(portal.api, grantId);
  const filed = await file();
  await at(LEAD, filed, 'requester-lead', { action: 'approve' });
  const reviewer = await portal.enter(REVIEWER);
  const { page } = reviewer;
  await page.goto(`/cases/${filed.id}`);
  const card = page.getByRole('region', { name: '以前给过的' });
  const row = card.getByRole('row').filter({ hasText: 'SY-' });
  await row.getByText('2 项：').waitFor();
  const text = await row.textContent();
  for (const part of ['姓名', '公民身份号码', '有效', '交付 1 次', '社会救助资格核验']) expect(text).toContain(part);
  await page.getByRole('region', { name: '逐项决定' }).getByText('上门核查').waitFor();
  await portal.look(reviewer, 'decision-granted-before');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('the applicant sees who holds the case since when, what is next and by when, and whose turn it is', async () => {
  const filed = await file();
  const requester = await portal.enter(REQUESTER);
  const { page } = requester;
  await page.goto(`/cases/${filed.id}`);
  const stands = page.getByRole('region', { name: '办到哪了' });
  await stands.getByText('民政局 · 共享负责人 持有，自').waitFor();
  await stands.getByText('接下来：公安局 · 审核岗').waitFor();

  await at(LEAD, filed, 'requester-lead', { action: 'approve' });
  await page.getByText('有变化').first().waitFor();
  await page.reload();
  await stands.getByText('公安局 · 审核岗 持有，自').waitFor();
  await stands.getByText('接下来：公安局 · 共享负责人').waitFor();
  await stands.getByText(/剩 \d+ 个工作日/).waitFor();

  await at(REVIEWER, filed, 'provider-reviewer', {
    action: 'askSupplement',
    missing: [{ part: 'scenario', text: '写明区县' }],
  });
  await page.reload();
  await stands.getByText('在申请人 刘丽华 手里，自').waitFor();
  await portal.look(requester, 'follow-supplement');
  await stands.getByRole('button', { name: '轮到你：补正' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.locator('.field').filter({ hasText: '要求：写明区县' }).getByLabel('应用场景').fill('和平区低保审核');
  await sheet.getByRole('button', { name: '补正', exact: true }).click();
  await stands.getByText('已补正，交回去继续办').waitFor();
  await stands.getByText('民政局 · 共享负责人 持有，自').waitFor();
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
