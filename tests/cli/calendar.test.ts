import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, startApi } from '../support/api.ts';
import { type Ran, santong } from '../support/cli.ts';
import { FORM_OF_2027, NOTICE_OF_2027 } from '../support/notices.ts';

let api: Api;
let folder: string;

beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(join(tmpdir(), 'santong-calendar-'));
}, 120_000);
beforeEach(() => api.engine.platform.knex('calendars').where('version', '>', 1).delete());
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

function as(account: string, ...args: readonly string[]): Promise<Ran> {
  return santong({ dataDir: api.engine.dataDir, url: api.url }, '--account', account, 'calendar', ...args);
}

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

test('a notice is tried, imported and listed from the command line', async () => {
  const notice = await fileOf('notice.txt', NOTICE_OF_2027);
  const tried = await as('admin', 'import', notice, '--dry-run');
  expect(tried).toMatchObject({ exit: 0, err: '' });
  expect(tried.out).toContain('2027 · 暂定');
  expect(tried.out).toContain('涉及在办事项 0 件');
  expect((await as('admin', 'list', '--json')).json.items).toHaveLength(1);

  const imported = await as('data-bureau.authority', 'import', notice, '--lang', 'en');
  expect(imported.out).toMatch(/now worked {2}2026-12-27/);
  const listed = await as('transport.requester', 'list');
  expect(listed.out).toContain('2004–2027');
  expect(listed.out).toContain('2028–2036');
  const shown = await as('transport.requester', 'show', '2', '--year', '2027', '--json');
  expect(shown.json.days).toContainEqual({ date: '2027-02-20', kind: 'make-up', standing: 'official' });
});

test('a notice as data or as a table needs its source said, and is the same notice', async () => {
  const data = await fileOf('notice.json', JSON.stringify(FORM_OF_2027));
  const unsaid = await as('admin', 'import', data);
  expect(unsaid.exit).toBe(8);
  expect(unsaid.err).toContain('/source');
  const imported = await as('admin', 'import', data, '--source', '国办发明电〔2026〕9号', '--json');
  expect(imported.json).toMatchObject({ version: 2, source: '国办发明电〔2026〕9号' });

  const { json } = await as('admin', 'show', '2', '--json');
  const days = json.days.filter(({ date }: { date: string }) => date > '2026-12-24' && date < '2028');
  const rows = days.map(({ date, kind }: { date: string; kind: string }) => `${date},${kind},${feastOf(date)}`);
  const table = await fileOf('notice.csv', ['date,kind,name', ...rows].join('\n'));
  expect((await as('admin', 'import', table, '--source', '-', '--json')).json.version).toBe(2);
});

function feastOf(day: string): string {
  return FORM_OF_2027.holidays.find(({ from, to }) => from <= day && day <= to)?.name ?? '';
}

test('a faulty notice, an unreadable file and an account that may not each end with their own code', async () => {
  const faulty = await fileOf('faulty.txt', NOTICE_OF_2027.replace('共5天', '共6天').replace('2月20日', '2月21日'));
  const refused = await as('admin', 'import', faulty);
  expect(refused.exit).toBe(8);
  expect(refused.err).toContain('第7行：写共6天，实为5天');
  expect(refused.err).toContain('第5行：2027-02-21是星期日，不是星期六');
  expect((await as('admin', 'import', join(folder, 'none.txt'))).exit).toBe(2);
  const binary = await as('admin', 'import', await fileOf('notice.doc', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0)));
  expect([binary.exit, binary.err]).toEqual([2, expect.stringContaining('UTF-8')]);
  expect((await as('civil-affairs.lead', 'import', faulty)).exit).toBe(5);
  expect((await as('admin', 'show', '9')).exit).toBe(6);
});
