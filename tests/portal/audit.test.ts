import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import JSZip from 'jszip';
import type { Page } from 'playwright-core';
import { deliveryOf, grantedCase } from '../support/grant.ts';
import { openPortal, type Portal } from '../support/portal.ts';
import { pressOn, tabTo } from '../support/keyboard.ts';
import { playedCase } from '../support/played-cases.ts';
import { storePlayed } from '../support/played-store.ts';
import { until } from '../support/until.ts';

let portal: Portal;
let caseId: string;

beforeAll(async () => {
  portal = await openPortal();
  const granted = await grantedCase(portal.api);
  ({ caseId } = granted);
  await deliveryOf(portal.api, granted.grantId);
  await until(async () => (await portal.api.ask('auditor', 'GET', `/api/cases/${caseId}`)).body.status === 'completed');
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

/** Where the scrubber stands, as a screen reader hears it. */
function standsAt(page: Page): Promise<string | null> {
  return page.getByRole('slider').getAttribute('aria-valuenow');
}

async function evidenceOf(page: Page): Promise<JSZip> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '导出证据包' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^evidence-SQ-\d{4}-\d+\.zip$/);
  return JSZip.loadAsync(await readFile(await download.path()));
}

test('an auditor finds a case, goes back in it, has it verified, takes its evidence away, and all of it is on record', async () => {
  const auditor = await portal.enter('auditor');
  const { page } = auditor;
  await page.getByRole('link', { name: '办件查询' }).first().click();
  await page.getByRole('link', { name: '户籍人口基本信息' }).waitFor();
  await page.getByLabel('经办人').fill('public-security.reviewer');
  await page.getByLabel('有过的决定').selectOption('rejected');
  await page.keyboard.press('Enter');
  await page.getByText('没有符合这些条件的办件').waitFor();
  await portal.look(auditor, 'audit-cases-none');
  await page.getByLabel('有过的决定').selectOption('approved');
  await page.getByLabel('目录项', { exact: true }).fill('户籍人口基本信息');
  await page.getByLabel('信息项', { exact: true }).selectOption({ label: '手机号码' });
  await page.getByRole('button', { name: '查询' }).click();
  await page.waitForURL(/person=public-security.reviewer.*item=mobile/);
  await page.getByRole('row', { name: /户籍人口基本信息.*已办结/ }).waitFor();
  await portal.look(auditor, 'audit-cases');
  await page.getByRole('link', { name: '户籍人口基本信息' }).click();

  await page.getByText('与批准一致。').waitFor();
  await page.getByText('3 个签名都在').waitFor();
  expect(await page.getByText('成立', { exact: true }).count()).toBe(8);
  await page.getByRole('columnheader', { name: '授权时' }).waitFor();
  await portal.look(auditor, 'audit-replay');

  const slider = page.getByRole('slider');
  await tabTo(page, slider);
  await page.keyboard.press('Home');
  expect(await standsAt(page)).toBe('1');
  expect(await slider.getAttribute('aria-valuetext')).toContain('提交申请');
  await page.getByText('第 1 个事件，共').waitFor();
  await page.waitForURL(/seq=1$/);
  // As of then nobody at the provider had it.
  await page.getByRole('region', { name: '路线与进度' }).getByText('等待上一步').first().waitFor();
  await page.keyboard.press('ArrowRight');
  expect(await standsAt(page)).toBe('2');
  await page.keyboard.press('ArrowLeft');
  expect(await standsAt(page)).toBe('1');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('End');
  expect(await standsAt(page)).toBe(await slider.getAttribute('aria-valuemax'));
  await page.keyboard.press('Home');
  await page.waitForURL(/seq=1$/);
  await pressOn(page, page.getByRole('button', { name: '全文' }));
  await page.getByText('最低生活保障审核确认时核验申请人户籍信息').waitFor();
  await portal.look(auditor, 'audit-replay-then');

  const zip = await evidenceOf(page);
  await page.getByText('已下载').waitFor();
  const sums = (await zip.file('SHA256SUMS')?.async('string'))?.trimEnd().split('\n') ?? [];
  expect(sums.length).toBeGreaterThan(10);
  for (const line of sums) {
    const [sum = '', path = ''] = line.split('  ');
    const content = await zip.file(path)?.async('nodebuffer');
    expect([
      path,
      createHash('sha256')
        .update(content ?? '')
        .digest('hex'),
    ]).toEqual([path, sum]);
  }

  await page.getByRole('link', { name: '你的查看已记入记录' }).click();
  for (const what of ['证据包', '核验', '某一刻的样子', '办件']) {
    await page
      .getByRole('row', { name: new RegExp(`${what}.*户籍人口基本信息`) })
      .first()
      .waitFor();
  }
  await portal.look(auditor, 'audit-reads');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('who could read an item on a day is told by the decisions that gave it, and the chains of all cases are checked', async () => {
  const auditor = await portal.enter('auditor');
  const { page } = auditor;
  await page.getByRole('link', { name: '某日谁能读' }).first().click();
  await page.getByLabel('目录项', { exact: true }).fill('户籍人口基本信息');
  await page.getByLabel('信息项', { exact: true }).selectOption({ label: '手机号码' });
  await page.getByRole('button', { name: '查询' }).click();
  await page.getByRole('row', { name: /民政局.*公安局 · 共享负责人 同意/ }).waitFor();
  await portal.look(auditor, 'audit-readers');
  await page.getByLabel('哪一天').fill('2020-01-01');
  await page.getByRole('button', { name: '查询' }).click();
  await page.getByText('这一天没有部门能读').waitFor();

  const { knex } = portal.api.engine.platform;
  const { seq, event } = await knex('events')
    .where({ stream_id: caseId })
    .whereRaw(`event->>'type' = 'answered'`)
    .orderBy('seq')
    .first('seq', 'event');
  const altered = JSON.stringify({ ...event, at: '2026-01-02T03:04:05.000+08:00' });
  await knex('events').where({ stream_id: caseId, seq }).update({ event: altered });
  await page.getByRole('link', { name: '台账核验' }).first().click();
  await page.getByText('已核 1 件，1 件有断开。').waitFor();
  await page.getByText(`第 ${seq} 个事件对不上`).waitFor();
  await portal.look(auditor, 'audit-ledger');

  await page.getByRole('link', { name: '户籍人口基本信息' }).click();
  await page.getByText('有 1 环不成立。').waitFor();
  const chain = page.getByRole('region', { name: '核验链' });
  await chain.getByText('2026-01-02T03:04:05.000+08:00').waitFor();
  await chain.getByText(event.at).waitFor();
  await portal.look(auditor, 'audit-replay-broken');
  await chain.getByRole('button', { name: '看那一刻' }).first().click();
  await page.waitForURL(new RegExp(`seq=${seq}$`));
  await knex('events')
    .where({ stream_id: caseId, seq })
    .update({ event: JSON.stringify(event) });
  await page.getByRole('button', { name: '重新核验' }).click();
  await page.getByText('与批准一致。').waitFor();
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);

test('a long case is folded in time, and figures are shown to the authority of all and to a department of its own', async () => {
  const { knex } = portal.api.engine.platform;
  for (let n = 0; n < 12; n += 1) await storePlayed(knex, playedCase(n));
  const authority = await portal.enter('data-bureau.authority');
  const { page } = authority;
  await page.goto('/audit/cases/played-3?seq=4');
  await page.getByRole('heading', { name: '核验链' }).waitFor();
  await page.getByText('历史已不在服务器上').waitFor();
  await page.getByText('没有发现不符').waitFor();
  await portal.look(authority, 'audit-replay-long');

  await page.goto('/statistics');
  await page.getByRole('heading', { name: '按期办理' }).waitFor();
  const load = page.getByRole('region', { name: '办理量' });
  await load.getByText('公安局').first().waitFor();
  await load.getByRole('button', { name: '表' }).click();
  await load.getByRole('row', { name: /公安局/ }).waitFor();
  await portal.look(authority, 'statistics');
  await page.getByLabel('部门', { exact: true }).selectOption({ label: '民政局' });
  await page.getByRole('button', { name: '统计' }).click();
  await page.waitForURL(/department=civil-affairs/);

  const lead = await portal.enter('civil-affairs.lead');
  await lead.page.getByRole('link', { name: '统计' }).first().click();
  await lead.page.getByText('本部门的数').waitFor();
  await lead.page.getByRole('heading', { name: '办理用时' }).waitFor();
  expect(await lead.page.getByText('公安局 ·').count()).toBe(0);
  await portal.look(lead, 'statistics-own');
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
