import type { Portal } from './portal.ts';
import { AUTHORITY } from './reconciliations.ts';

/** The authority has the townships of two departments compared, by the form for it, and waits for what comes of it; the id. */
export async function beginReconciliation(portal: Portal): Promise<string> {
  const authority = await portal.enter(AUTHORITY);
  const { page } = authority;
  await page.goto('/provide/reconciliations');
  await page.getByRole('link', { name: '发起校核' }).click();
  await page.getByRole('button', { name: '开始核对' }).click();
  await page.getByRole('alert').getByRole('button', { name: '左边' }).waitFor();
  await page.getByLabel('名称', { exact: true }).fill('沈阳市乡级区划核对');
  for (const [side, entry] of [
    ['左边', 'divisions-2026'],
    ['右边', 'divisions-villages'],
  ] as const) {
    const box = page.getByRole('group', { name: side });
    await box.getByRole('searchbox').fill('区划');
    await box.locator(`option[value=${entry}]`).waitFor({ state: 'attached' });
    await box.getByLabel(`${side}的目录项`, { exact: true }).selectOption(entry);
    await box.getByRole('button', { name: '加一个条件' }).click();
    await box.getByLabel('第 1 个条件的信息项').selectOption('level');
    await box.getByLabel('第 1 个条件的比较').selectOption('eq');
    await box.getByLabel('第 1 个条件的值').fill('4');
  }
  const left = page.getByRole('group', { name: '左边' });
  await left.getByRole('button', { name: '加一个条件' }).click();
  await left.getByLabel('第 2 个条件的信息项').selectOption('code');
  await left.getByLabel('第 2 个条件的比较').selectOption('startsWith');
  await left.getByLabel('第 2 个条件的值').fill('2101');
  const key = page.getByRole('region', { name: '按什么找到同一条' });
  await key.getByLabel('第 1 对的左边').selectOption('code');
  await key.getByLabel('第 1 对的右边').selectOption('code');
  await key.getByLabel('第 1 对的代码位数').fill('12');
  await page
    .getByRole('button', { name: /^配上同名的/ })
    .last()
    .click();
  await portal.look(authority, 'provide-reconciliation-new');
  const compared = page.getByRole('region', { name: '哪些要一致' });
  while ((await compared.getByRole('button', { name: /^去掉第/ }).count()) > 1) {
    await compared
      .getByRole('button', { name: /^去掉第/ })
      .last()
      .click();
  }
  await compared.getByLabel('第 1 对的左边').selectOption('name');
  await compared.getByLabel('第 1 对的右边').selectOption('name');
  await page.getByRole('button', { name: '开始核对' }).click();
  await page.waitForURL(/\/provide\/reconciliations\/[0-9a-f-]{36}/);
  await page.getByText('已完成').first().waitFor();
  authority.forgive(/422/);
  return page.url().split('/').at(-1) ?? '';
}
