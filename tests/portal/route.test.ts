import { type Answer, application } from '../support/api.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;
const REQUESTER = 'civil-affairs.requester';
/** Both unconditional, of two providers. */
const ENTRIES = ['divisions-villages', 'district-coordinates'] as const;

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

/** One request to statistics and to transport. */
async function fileBoth(): Promise<string> {
  const [first, second] = await Promise.all(
    ENTRIES.map(async (id) => {
      const { body } = await portal.api.ask(REQUESTER, 'GET', `/api/catalogue/${id}`);
      return { entryId: id, items: body.items.map((item: { id: string }) => item.id) };
    }),
  );
  const body = application({ ...first, rowScope: { all: [] }, further: [second] });
  return (await portal.api.ask(REQUESTER, 'POST', '/api/share-requests', { body })).body.id;
}

async function answer(account: string, id: string, stage: string, given: object): Promise<Answer> {
  const { body } = await portal.api.ask('data-bureau.authority', 'GET', `/api/cases/${id}`);
  const { taskId } = body.stages.find((one: { id: string }) => one.id === stage);
  const done = await portal.api.ask(account, 'POST', `/api/tasks/${taskId}/actions`, {
    body: { ...given, seen: body.form.digest },
  });
  expect(done.status).toBe(200);
  return done;
}

test('the route is a diagram with where each department stands, the same as a list, and follows what happens', async () => {
  const id = await fileBoth();
  await answer('civil-affairs.lead', id, 'requester-lead', { action: 'approve' });
  const reason = { code: 'beyond-necessity', text: '坐标与用途无关' };
  await answer('transport.lead', id, 'provider-lead@transport', { action: 'reject', reason });
  const lead = await portal.enter('statistics.lead');
  const { page } = lead;
  await page.goto(`/cases/${id}`);
  const diagram = page.getByRole('group', { name: '路线图' });
  const box = (name: string) => diagram.locator('.route-box').filter({ hasText: name });
  await box('统计局').getByText('在办').waitFor();
  expect(await box('民政局').textContent()).toContain('同意');
  expect(await box('交通运输局').getAttribute('class')).toContain('refused');
  expect(await box('生成授权').textContent()).toContain('只含各部门同意的项');
  // Lines are green where the case has gone, and only there.
  const passed = (await page.evaluate(`[...document.querySelectorAll('.djs-connection')]
    .filter((line) => getComputedStyle(line.querySelector('.djs-visual path')).stroke === 'rgb(31, 122, 54)')
    .map((line) => line.getAttribute('data-element-id'))`)) as string[];
  expect(passed.toSorted()).toEqual([
    'Flow_Split_providers_Stage_provider-lead_40_statistics',
    'Flow_Split_providers_Stage_provider-lead_40_transport',
    'Flow_Stage_requester-lead_Split_providers',
    'Flow_Start_Stage_requester-lead',
  ]);
  await portal.look(lead, 'route-diagram');

  await page.getByRole('button', { name: '看成列表' }).click();
  await page.getByRole('listitem').filter({ hasText: '2 个部门同时办' }).waitFor();
  await page
    .getByRole('listitem')
    .filter({ hasText: '交通运输局 · 共享负责人' })
    .getByText(/^不同意 · /)
    .waitFor();
  await portal.look(lead, 'route-list');
  await page.getByRole('button', { name: '看成图' }).click();
  await box('统计局').waitFor();

  await page.getByLabel('意见').fill('同意提供');
  await page.getByLabel('同意', { exact: false }).first().check();
  await page.keyboard.press('Control+Enter');
  await page.getByText('已签署：同意').waitFor();
  await box('统计局').getByText('同意 · ').waitFor();
  expect(await box('统计局').getAttribute('class')).toContain('decided');
  await portal.look(lead, 'route-agreed');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
