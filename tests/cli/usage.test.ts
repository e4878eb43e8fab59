import { santong } from '../support/cli.ts';

const NOWHERE = { dataDir: '/nonexistent', url: 'http://127.0.0.1:9' };

test.each([
  [['case', 'show'], '缺少参数“case”'],
  [['case', 'show', 'a', 'b'], '参数太多：应为 1 个，给了 2 个'],
  [['case', 'shw', 'a'], '没有命令“shw”（是不是 show？）'],
  [['case', 'list', '--limt', '3'], '没有选项“--limt”（是不是 --limit？）'],
  [['case', 'list', '--limit'], '选项“--limit <n>”缺少值'],
  [['route', 'migrate', 'x'], '缺少选项“--to <n>”'],
  [['case', 'list', '--lang', 'fr'], '选项“--lang <language>”的值“fr”无效，可选：zh, en'],
])('santong %j is told in Chinese what is wrong with it', async (args, sentence) => {
  const ran = await santong(NOWHERE, ...args);
  expect(ran).toMatchObject({ exit: 2, err: `用法有误：${sentence}。santong --help 列出全部命令。\n` });
});

test('in English it is told as Commander says it', async () => {
  const ran = await santong(NOWHERE, 'case', 'show', '--lang', 'en');
  expect(ran.err).toBe("Usage: missing required argument 'case'. santong --help lists every command.\n");
});

test('help has no English word in Chinese but names, and the other way round', async () => {
  const { out: zh } = await santong(NOWHERE, '--help');
  expect(zh).toContain('语言（可选：zh、en；默认：zh）');
  expect(zh).not.toMatch(/choices|default:/);
  const { out: en } = await santong(NOWHERE, '--help', '--lang', 'en');
  expect(en).toContain('language (choices: "zh", "en", default: "zh")');
  expect(en).not.toMatch(/\p{Script=Han}/u);
});
