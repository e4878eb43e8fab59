import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Api, startApi } from '../support/api.ts';
import { type Ran, santong } from '../support/cli.ts';

let api: Api;
let folder: string;

beforeAll(async () => {
  api = await startApi();
  folder = await mkdtemp(join(tmpdir(), 'santong-catalogue-'));
}, 120_000);
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

function as(account: string, ...args: readonly string[]): Promise<Ran> {
  return santong({ dataDir: api.engine.dataDir, url: api.url }, '--account', account, 'catalogue', ...args);
}

async function fileOf(name: string, ...lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, lines.join('\n'));
  return path;
}

const HEADINGS = '信息资源名称,信息项名称,更新周期,共享类型';

test('a file comes in whole and ends with 0; the authority brings one in for a department', async () => {
  const file = await fileOf('whole.csv', HEADINGS, '甲,姓名,每日,无条件共享', '乙,编号,每日,无条件共享');
  const own = await as('civil-affairs.reviewer', 'import', file);
  expect(own).toMatchObject({ exit: 0, err: '' });
  expect(own.out).toMatch(/导入条数 +2/);
  const given = await as('data-bureau.authority', 'import', file, '--department', 'transport', '--json');
  expect(given.json).toMatchObject({
    name: 'whole.csv',
    department: { id: 'transport' },
    status: 'done',
    entries: { accepted: 2, refused: 0 },
  });
  const drafts = await api.engine.platform.knex('catalogue_drafts').where({ name: '甲' }).orderBy('provider_id');
  expect(drafts.map(({ provider_id }) => provider_id)).toEqual(['civil-affairs', 'transport']);
  expect(await readdir(folder)).not.toContain('whole.csv.report.csv');
});

test('what is refused ends with 8, and why stands in a report beside the file or where it was said', async () => {
  const file = await fileOf('partly.csv', HEADINGS, '丙,姓名,每日,无条件共享', '丁,编号,很快,无条件共享');
  const partly = await as('civil-affairs.reviewer', 'import', file, '--lang', 'en');
  expect(partly.exit).toBe(8);
  expect(partly.out).toMatch(/accepted +1\nrefused +1/);
  expect(partly.err).toContain(`${file}.report.csv`);
  expect(await readFile(`${file}.report.csv`, 'utf8')).toContain('3,更新周期,NotUnderstood');
  const report = join(folder, 'why.csv');
  const unreadable = await as(
    'civil-affairs.reviewer',
    'import',
    await fileOf('none.csv', 'a,b', '1,2'),
    '--report',
    report,
    '--json',
  );
  expect(unreadable.exit).toBe(8);
  expect(unreadable.json).toMatchObject({ status: 'failed' });
  expect(await readFile(report, 'utf8')).toContain('HeadingsMissing');
});

test('a file that is not there, a department that is none or not one’s own, and an account that may not each end with their own code', async () => {
  const file = await fileOf('other.csv', HEADINGS, '戊,姓名,每日,无条件共享');
  expect((await as('civil-affairs.reviewer', 'import', join(folder, 'nowhere.csv'))).exit).toBe(2);
  expect((await as('civil-affairs.reviewer', 'import', file, '--department', 'transport')).exit).toBe(5);
  const unknown = await as('data-bureau.authority', 'import', file, '--department', 'nobody');
  expect([unknown.exit, unknown.err]).toEqual([8, expect.stringContaining('/query/department')]);
  expect((await as('civil-affairs.lead', 'import', file)).exit).toBe(5);
});

test('what is published is written to a file, in the form that its name says, whole or not at all', async () => {
  const csv = join(folder, 'all.csv');
  expect(await as('transport.requester', 'export', '--output', csv)).toMatchObject({ exit: 0, err: '' });
  const text = await readFile(csv, 'utf8');
  expect(text.split('\r\n')[0]).toContain('信息资源名称');
  expect(text).toContain('户籍人口基本信息');
  const book = join(folder, 'own.xlsx');
  const written = await as('transport.requester', 'export', '--output', book, '--provider', 'transport', '--json');
  expect(written.json).toEqual({ output: book, format: 'xlsx' });
  expect((await readFile(book)).subarray(0, 2).toString()).toBe('PK');
  const nowhere = join(folder, 'no', 'such', 'folder.csv');
  expect((await as('transport.requester', 'export', '--output', nowhere)).exit).toBe(2);
  expect((await as('transport.requester', 'export', '--output', csv, '--format', 'pdf')).exit).toBe(2);
  expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/\.part$/));
});
