import { grantedCase, REQUESTER } from '../support/grant.ts';
import { pressOn, tabTo } from '../support/keyboard.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;

beforeAll(async () => {
  portal = await openPortal();
  const { api } = portal;
  await grantedCase(api);
  const need = {
    title: '企业用电量（月）',
    description: '研判复工情况',
    items: ['用户编号', '月用电量'],
    purpose: '应急研判',
    legalBasis: '《政务数据共享条例》第二十条',
  };
  await api.ask('transport.requester', 'POST', '/api/needs', { body: need });
  // As it is once it has waited for long.
  await api.engine.platform.knex('needs').update({ created_at: '2026-09-01T09:00:00+08:00' });
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

test('the map is gone through by keyboard: a department, whom it supplies, the grants behind that, and back', async () => {
  const visitor = await portal.enter(REQUESTER);
  const { page } = visitor;
  await page.goto('/map');
  // One’s own department first.
  await page.getByRole('heading', { name: '民政局提供给 0 个部门，取用 1 个部门' }).waitFor();
  await portal.look(visitor, 'map-own');
  const provider = page.getByRole('button', { name: '公安局，供 2，需 0' });
  await pressOn(page, provider);
  await page.getByRole('heading', { name: '公安局提供给 1 个部门，取用 0 个部门' }).waitFor();
  expect(await provider.getAttribute('aria-pressed')).toBe('true');
  await portal.look(visitor, 'map');
  await pressOn(page, page.getByRole('button', { name: '民政局', exact: true }));
  await page.getByRole('heading', { name: '公安局 → 民政局：在用授权' }).waitFor();
  expect(await page.evaluate('document.activeElement?.id')).toBe('edge-title');
  await page.getByRole('link', { name: '看授权' }).waitFor();
  await portal.look(visitor, 'map-edge');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: '公安局 → 民政局：在用授权' }).waitFor({ state: 'detached' });
  await tabTo(page, provider);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: '所有部门之间的在用授权' }).waitFor();
  // What was gone through can be gone back to.
  await page.goBack();
  await page.getByRole('heading', { name: '公安局提供给 1 个部门，取用 0 个部门' }).waitFor();
  await page.getByRole('link', { name: '户籍人口基本信息' }).click();
  await page.waitForURL(/\/catalogue\/persons/);
  expect(portal.complaints()).toEqual([]);
}, 120_000);

test('matrix and table say the same, by theme as well, and what waits leads to the need', async () => {
  const visitor = await portal.enter('transport.reviewer');
  const { page } = visitor;
  await page.goto('/map?view=matrix');
  await page.getByRole('button', { name: '公安局提供给民政局：1 个在用授权' }).click();
  // Whoever is no party to a grant sees that it is there and not what is in it.
  await page.getByText('只有双方能看授权内容').waitFor();
  await portal.look(visitor, 'map-matrix');
  await page.getByRole('button', { name: '表格' }).click();
  await page.getByRole('row', { name: /^公安局/ }).waitFor();
  expect(
    await page
      .getByRole('row', { name: /^公安局/ })
      .locator('td')
      .allTextContents(),
  ).toEqual(['2', '1', '0', '0', '1']);
  await portal.look(visitor, 'map-table');
  await page.getByRole('button', { name: '按主题' }).click();
  await page.getByRole('row', { name: /^城市大脑/ }).waitFor();
  await page.getByRole('button', { name: '关系图' }).click();
  await page.getByRole('button', { name: /^城市大脑，/ }).click();
  await page.getByRole('heading', { name: '城市大脑供 1 个部门使用' }).waitFor();
  await portal.look(visitor, 'map-theme');
  await page.getByRole('button', { name: '按部门' }).click();
  await page.getByLabel('主题').selectOption('城市大脑');
  await page.getByRole('button', { name: '公安局，供 1，需 0' }).waitFor();
  const waiting = page.getByRole('row', { name: /企业用电量/ });
  expect(
    Number(
      await waiting
        .locator('td')
        .nth(4)
        .textContent()
        .then((text) => text?.match(/\d+/)?.[0]),
    ),
  ).toBeGreaterThan(50);
  await waiting.getByRole('link').click();
  await page.getByRole('heading', { name: '企业用电量（月）' }).waitFor();
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
