import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { type Ran, santong } from '../support/cli.ts';

let api: Api;
let folder: string;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  folder = await mkdtemp(join(tmpdir(), 'santong-cli-'));
}, 120_000);
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

function as(account: string, ...args: readonly string[]): Promise<Ran> {
  return santong({ dataDir: api.engine.dataDir, url: api.url }, '--account', account, ...args);
}

async function file(): Promise<{ id: string; number: string }> {
  const path = join(folder, `${randomBytes(6).toString('hex')}.json`);
  const letter = join(folder, '公函.txt');
  await writeFile(path, JSON.stringify(application()));
  await writeFile(letter, '公函');
  const ran = await as('civil-affairs.requester', 'case', 'file', path, '--attach', letter, '--json');
  expect(ran).toMatchObject({ exit: 0, err: '' });
  return ran.json;
}

test('a request is filed, answered, returned for a supplement, completed and refused from the command line', async () => {
  const { id, number } = await file();
  const shown = await as('civil-affairs.lead', 'case', 'show', id);
  expect(shown.out).toContain('公函.txt');
  expect((await as('civil-affairs.lead', 'case', 'show', number.toLowerCase())).out).toBe(shown.out);
  expect(shown.out).toContain('同意 (approve)');

  expect((await as('civil-affairs.lead', 'case', 'act', id, 'approve', '--opinion', '同意')).exit).toBe(0);
  const asked = await as(
    'public-security.reviewer',
    'case',
    'act',
    id,
    'ask-supplement',
    '--missing',
    'scenario=请写明区县',
    '--json',
  );
  expect(asked.json.case.status).toBe('awaiting-supplement');

  const changes = join(folder, 'changes.json');
  await writeFile(changes, JSON.stringify({ scenario: '和平区最低生活保障审核确认' }));
  const completed = await as(
    'civil-affairs.requester',
    'case',
    'act',
    id,
    'supplement',
    '--form',
    changes,
    '--note',
    '已写明',
    '--json',
  );
  expect(completed.json.case.status).toBe('in-approval');

  // The scenario changed, so the lead’s signature lapsed and the lead is asked again.
  const inbox = await as('civil-affairs.lead', 'task', 'list', '--json');
  const task = inbox.json.items.find((one: { case: { id: string } }) => one.case.id === id);
  const refused = await as(
    'civil-affairs.lead',
    'task',
    'act',
    task.id,
    'reject',
    '--reason-code',
    'beyond-necessity',
    '--reason',
    '超出必要',
    '--json',
  );
  expect(refused.json.case.status).toBe('refused');

  const again = await as('civil-affairs.lead', 'case', 'act', id, 'withdraw');
  expect(again.exit).toBe(5);
  const replayed = await as('auditor', 'replay', number);
  expect(replayed.exit).toBe(0);
  expect(replayed.out).toContain('一致 (agrees)');
});

test('a history altered in one word is refused by replay with its own exit code', async () => {
  const { id } = await file();
  await as('civil-affairs.lead', 'case', 'act', id, 'approve', '--opinion', '同意');
  const history = (await api.ask('auditor', 'GET', `/api/cases/${id}/history`)).body;
  const path = join(folder, 'history.json');
  await writeFile(path, JSON.stringify(history));
  expect((await as('auditor', 'replay', id, '--history', path)).exit).toBe(0);

  await writeFile(path, alteredOnce(history, '同意', '反对'));
  const ran = await as('auditor', 'replay', id, '--history', path, '--json');
  expect(ran.exit).toBe(10);
  expect(ran.json.verdict).not.toBe('agrees');
});

/** Changes a word in the first payload that holds it. */
function alteredOnce(history: unknown, word: string, other: string): string {
  let isDone = false;
  return JSON.stringify(history, (key, value: unknown) => {
    if (isDone || key !== 'data' || typeof value !== 'string') return value;
    const text = Buffer.from(value, 'base64').toString('utf8');
    if (!text.includes(word)) return value;
    isDone = true;
    return Buffer.from(text.replace(word, other)).toString('base64');
  });
}

test('faults of an application are told all at once, each with its place, in the language asked for', async () => {
  const path = join(folder, 'bad.json');
  await writeFile(path, JSON.stringify(application({ items: ['salary'], purpose: '好奇', legalBasis: '' })));
  const zh = await as('civil-affairs.requester', 'case', 'file', path);
  expect(zh.exit).toBe(8);
  expect(zh.err).toContain('提交的内容有误');
  for (const pointer of ['/items/0', '/purpose', '/legalBasis']) expect(zh.err).toContain(pointer);
  const en = await as('civil-affairs.requester', 'case', 'file', path, '--lang', 'en', '--json');
  expect(en.json.error).toMatchObject({ code: 'Invalid', status: 422, title: 'What was sent is not valid' });
});

test.each([
  [['case', 'show', 'no-such-case'], 6],
  [['case', 'show', 'SQ-2000-000001'], 6],
  [['grant', 'show', 'no-such-grant'], 6],
  [['delivery', 'show', 'no-such-delivery'], 6],
  [['catalogue', 'show', 'no-such-entry'], 6],
  [['case', 'list', '--limit', 'many'], 2],
  [['case', 'list', '--status', 'sleeping'], 8],
  [['case', 'file', '/no/such/file.json'], 2],
  [['case', 'dance'], 2],
  [['case'], 2],
  [['case', 'list', '--loud'], 2],
  [['case', 'show'], 2],
])('santong %j ends with %i, and with --json tells the error as a document', async (args, exit) => {
  const ran = await as('civil-affairs.requester', ...args, '--json');
  expect(ran.exit).toBe(exit);
  if (ran.out !== '') expect(ran.json.error).toBeDefined();
});

test('an account of another department is told that there is no such case', async () => {
  const { id } = await file();
  expect((await as('transport.requester', 'case', 'show', id)).exit).toBe(6);
});

test('a wrong password, an unknown account and no account at all end as not logged in', async () => {
  const place = { dataDir: folder, url: api.url };
  const wrong = await santong(place, 'case', 'list', '--account', 'auditor', '--password', 'not this one');
  expect(wrong.exit).toBe(4);
  expect(wrong.err).toContain('账号或密码不正确');
  const unknown = await santong(place, 'case', 'list', '--account', 'nobody', '--password', 'x', '--lang', 'en');
  expect(unknown).toMatchObject({ exit: 4, err: expect.stringContaining('wrong') });
  expect((await santong(place, 'case', 'list')).exit).toBe(4);
});

test('a login is kept for its owner alone and used by the commands that follow, until logout', async () => {
  const place = { dataDir: folder, url: api.url };
  const { password } = api.engine;
  const login = await santong(place, 'login', '--account', 'auditor', '--password', password, '--json');
  expect(login.exit).toBe(0);
  expect(login.out).not.toContain('token');
  expect((await stat(join(folder, 'cli-session.json'))).mode & 0o777).toBe(0o600);
  expect((await santong(place, 'whoami')).out).toContain('(auditor)');
  expect((await santong(place, 'logout')).exit).toBe(0);
  expect((await santong(place, 'whoami')).exit).toBe(4);
});

test('where no platform runs, the way out is named', async () => {
  const ran = await santong({ dataDir: folder }, 'case', 'list', '--account', 'auditor');
  expect(ran.exit).toBe(3);
  expect(ran.err).toContain('npm start');
  const gone = await santong(
    { dataDir: folder },
    'case',
    'list',
    '--url',
    'http://127.0.0.1:9',
    '--account',
    'a',
    '--password',
    'b',
  );
  expect(gone.exit).toBe(3);
});

test('the application that the documents show can be filed', async () => {
  const page = await readFile(join(projectRoot, 'docs', 'command-line.md'), 'utf8');
  const shown = JSON.parse(/```json\n([^]*?)```/.exec(page)?.[1] ?? '') as Record<string, unknown>;
  const path = join(folder, 'shown.json');
  await writeFile(path, JSON.stringify({ ...shown, period: application()['period'] }));
  const ran = await as('transport.requester', 'case', 'file', path, '--json');
  expect(ran).toMatchObject({ exit: 0, err: '' });
});

test('the catalogue is searched and shown', async () => {
  const found = await as('transport.requester', 'catalogue', 'search', '区划', '--json');
  expect(found.json.items.map(({ id }: { id: string }) => id)).toContain('divisions-2026');
  expect((await as('transport.requester', 'catalogue', 'show', 'persons')).out).toContain('身份');
});
