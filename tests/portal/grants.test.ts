import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { openPortal, type Portal } from '../support/portal.ts';
import { until } from '../support/until.ts';

let portal: Portal;

const PROVIDER_LEAD = 'public-security.lead';

beforeAll(async () => {
  portal = await openPortal();
  await portal.api.engine.platform.knex.raw(
    `update catalogue_entries set body = jsonb_set(body, '{shareModes}', '["batch", "file", "service"]') where id = 'persons'`,
  );
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

test('a right is followed to its files, stopped and resumed by its provider, and renewed in two clicks', async () => {
  const { grantId, caseId } = await grantedCase(portal.api, { mode: 'file' });
  await deliveryOf(portal.api, grantId);
  // As it is once its end is near.
  await portal.api.engine.platform
    .knex('grants')
    .where({ id: grantId })
    .update({
      state: portal.api.engine.platform.knex.raw(`jsonb_set(state, '{isRenewalOffered}', 'true')`),
    });
  const requester = await portal.enter(REQUESTER);
  const { page } = requester;
  await page.getByRole('heading', { name: '快到期的授权' }).waitFor();
  await portal.look(requester, 'grants-home');
  await page.goto('/grants');
  await page.getByText('可以续期').waitFor();
  await portal.look(requester, 'grants');
  await page.getByRole('link', { name: '户籍人口基本信息' }).click();
  await page.getByText('已交付', { exact: true }).waitFor();
  await portal.look(requester, 'grant');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: '下载数据' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  expect(await download.failure()).toBeNull();
  await page.getByRole('button', { name: '现在交付一次' }).click();
  await page.getByText('已开始交付').waitFor();
  await until(async () => ((await page.getByText('已交付', { exact: true }).count()) === 2 ? true : undefined));

  const lead = await portal.enter(PROVIDER_LEAD);
  await lead.page.goto('/grants?side=provider');
  await lead.page.getByRole('link', { name: '户籍人口基本信息' }).click();
  await lead.page.getByRole('button', { name: '暂停授权' }).click();
  await lead.page.getByRole('button', { name: '暂停授权' }).last().click();
  await lead.page.getByText('写明理由，对方会看到').waitFor();
  await portal.look(lead, 'grant-suspend');
  await lead.page.getByLabel('理由').fill('核实用途');
  await lead.page.getByRole('button', { name: '暂停授权' }).last().click();
  await lead.page.getByText('授权已暂停。').waitFor();
  await page.reload();
  await page.getByText('已暂停').waitFor();
  // Nothing can be had of what is suspended.
  expect(await page.getByRole('link', { name: '下载数据' }).count()).toBe(0);
  await lead.page.getByRole('button', { name: '恢复授权' }).click();
  await lead.page.getByLabel('理由').fill('已核实');
  await lead.page.getByRole('button', { name: '恢复授权' }).last().click();
  await lead.page.getByText('授权已恢复。').waitFor();

  await page.goto('/catalogue/persons');
  await page.getByRole('heading', { name: '申请通常要多久' }).waitFor();
  await page.getByText(/近一年 1 件答复/).waitFor();
  await page.getByRole('button', { name: '看 5 行样例' }).click();
  await page
    .getByRole('cell', { name: /^王\*+$/ })
    .first()
    .waitFor();
  await portal.look(requester, 'grants-entry');
  await page.getByRole('link', { name: '两步续期' }).click();
  await page.getByRole('button', { name: '提交续期' }).waitFor();
  await portal.look(requester, 'grant-renewal');
  // Asking for more than before is no renewal in two clicks: each further item says why.
  await page.getByRole('button', { name: /信息项与行范围/ }).click();
  await page.getByRole('checkbox', { name: '电子邮箱' }).check();
  await page.getByRole('button', { name: '电子邮箱：没写为什么要' }).click();
  expect(await page.getByLabel('为什么要电子邮箱').evaluate((field) => field.matches(':focus'))).toBe(true);
  await portal.look(requester, 'grant-renewal-reason');
  await page.keyboard.insertText('上门核查');
  await page
    .getByRole('button', { name: /核对并提交/ })
    .first()
    .click();
  await page.getByRole('button', { name: '提交续期' }).click();
  await page.waitForURL(/\/cases\//);
  const id = new URL(page.url()).pathname.split('/').at(-1);
  const filed = (await portal.api.ask(REQUESTER, 'GET', `/api/cases/${id}`)).body;
  expect(filed.about).toMatchObject({ follows: 'renewal', caseId });
  expect(filed.application).toMatchObject({
    file: { format: 'csv' },
    warranties: { true: true, lawful: true, necessary: true },
  });
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('a service has keys, shown once and revoked at once; what is over is disposed of', async () => {
  const { grantId } = await grantedCase(portal.api, { mode: 'service' });
  const requester = await portal.enter(REQUESTER);
  const { page } = requester;
  await page.goto(`/grants/${grantId}`);
  await page.getByRole('button', { name: '发新密钥' }).click();
  await page.getByText('新密钥只显示这一次').waitFor();
  await portal.look(requester, 'grant-service');
  await page.getByRole('button', { name: /^吊销尾号/ }).click();
  await page.getByText(/已吊销/).waitFor();

  const lead = await portal.enter(PROVIDER_LEAD);
  await lead.page.goto(`/grants/${grantId}`);
  await lead.page.getByRole('button', { name: '终止授权' }).click();
  await lead.page.getByLabel('理由').fill('超出用途');
  await lead.page.getByRole('button', { name: '终止授权' }).last().click();
  await lead.page.getByText('授权已终止。').waitFor();
  await portal.look(lead, 'grant-terminated');

  await page.reload();
  await page.getByRole('button', { name: '确认到期处置' }).click();
  await page.getByRole('button', { name: '提交处置确认' }).click();
  await page.getByText('处置方式、日期、说明都要填').waitFor();
  await page.getByLabel('已销毁').check();
  await page.getByLabel('处置说明').fill('本部门库中数据已删除');
  await portal.look(requester, 'grant-disposal');
  await page.getByRole('button', { name: '提交处置确认' }).click();
  await page.waitForURL(/\/cases\//);
  const outsider = await portal.enter('transport.requester');
  await outsider.page.goto(`/grants/${grantId}`);
  await outsider.page.getByText('没有找到').waitFor();
  outsider.forgive(/404/);
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
