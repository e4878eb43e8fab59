import type { Browser } from 'playwright-core';
import { lookAt, openBrowser } from '../support/browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 120_000);
afterAll(() => browser.close());

const page = (body: string) =>
  `<!doctype html><html lang="zh-CN"><head><title>页</title><meta name="viewport" content="width=device-width"></head>
   <body style="margin:0;background:#fff"><main><h1>页</h1>${body}</main></body></html>`;

test.each([
  ['a picture without a text', '<img src="data:," >', [/^390 image-alt: <img/, /^1440 image-alt/]],
  ['a field without a name', '<input>', [/^390 label: /, /^1440 label: /]],
  ['grey on white, at one width', '<p style="color:#ccc">浅灰</p>', [/^1440 color-contrast: /]],
  ['what is wider than a telephone', '<p style="width:900px">宽</p>', [/^390 wider than the screen by 510/]],
  ['nothing', '<p>好</p>', []],
])('what is wrong with a page is found: %s', async (_name, body, expected) => {
  const context = await browser.newContext();
  const shown = await context.newPage();
  await shown.setContent(page(body));
  const found = await lookAt({ page: shown }, 'faults');
  expect(found).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  await context.close();
});
