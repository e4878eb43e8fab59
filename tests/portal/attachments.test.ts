import { application } from '../support/api.ts';
import { openPortal, type Portal } from '../support/portal.ts';

let portal: Portal;
const REQUESTER = 'civil-affairs.requester';

beforeAll(async () => {
  portal = await openPortal();
}, 120_000);
afterEach(() => portal.empty());
afterAll(() => portal.close());

/** One black dot. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const SCRIPT = '<script>document.title = "ran"; parent.document.title = "ran"</script>';
const FILES: readonly (readonly [name: string, mediaType: string, content: Buffer])[] = [
  [
    '核对工作方案.pdf',
    'application/pdf',
    Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n'),
  ],
  ['授权书样本.png', 'application/octet-stream', PNG],
  // As older programs of Chinese offices write it.
  ['名单.csv', 'text/csv', Buffer.from([0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0x31])],
  ['说明.html', 'text/html', Buffer.from(SCRIPT)],
  ['脚本.txt', 'text/plain', Buffer.from(SCRIPT)],
];

async function upload([name, mediaType, content]: (typeof FILES)[number]): Promise<string> {
  const query = new URLSearchParams({ name, mediaType });
  const headers = { 'Content-Type': 'application/octet-stream' };
  const { status, body } = await portal.api.ask(REQUESTER, 'POST', `/api/attachments?${query.toString()}`, {
    raw: content,
    headers,
  });
  expect(status).toBe(201);
  return body.id;
}

test('attachments are shown beside the case, each as what it is, held against its digest, and none of them runs', async () => {
  const attachments: string[] = [];
  for (const file of FILES) attachments.push(await upload(file));
  const { body } = await portal.api.ask(REQUESTER, 'POST', '/api/share-requests', {
    body: application({ attachments }),
  });
  const lead = await portal.enter('civil-affairs.lead');
  const { page } = lead;
  await page.goto(`/cases/${body.id}`);
  await page.getByRole('button', { name: '授权书样本.png' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('img', { name: '授权书样本.png' }).waitFor();
  await drawer.getByText('内容与提交时一致').waitFor();
  expect(await page.evaluate('document.querySelector(".drawer img").naturalWidth')).toBe(1);
  await portal.look(lead, 'attachment-image');

  await drawer.getByRole('button', { name: '下一个附件' }).click();
  await drawer.getByText('姓名,1').waitFor();
  await portal.look(lead, 'attachment-text');
  await drawer.getByRole('button', { name: '下一个附件' }).click();
  await drawer.getByText('这种文件不能在这里显示').waitFor();
  await drawer.getByRole('button', { name: '下一个附件' }).click();
  await drawer.getByText(SCRIPT).waitFor();
  expect(await page.title()).not.toBe('ran');

  // Esc gives the keyboard back to where it was; with the file open one can answer.
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '授权书样本.png' }).and(page.locator(':focus')).waitFor();
  await page.getByRole('button', { name: '在旁边打开' }).click();
  const frame = drawer.locator('iframe');
  await frame.waitFor();
  expect(await frame.getAttribute('src')).toMatch(/^blob:/);
  await page.getByLabel('意见').fill('附件齐全');
  await page.getByLabel('同意', { exact: false }).first().check();
  await page.keyboard.press('Control+Enter');
  await page.getByText('已签署：同意').waitFor();
  expect(portal.complaints()).toEqual([]);
  expect(portal.faults).toEqual([]);
}, 120_000);
