import { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Dispatcher } from '../../notices/dispatcher.ts';
import { changePreferences } from '../../store/notices.ts';
import { REQUESTER_LEAD, REVIEWER } from '../support/cases.ts';
import { dispatcherFor } from '../support/dispatcher.ts';
import { type Mailbox, startMailbox } from '../support/mail-server.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { fileCase, seedPeople } from '../support/told.ts';
import { until } from '../support/until.ts';

const secretKey = Buffer.alloc(32, 6);
const ADDRESS = 'reviewer@police.example';
let database: TestDatabase;
let box: Mailbox;
let dispatcher: Dispatcher;
let said: string[];

beforeAll(async () => {
  database = await platformDatabase();
  await seedPeople(database.knex);
  await changePreferences(database.knex, REVIEWER.person, { email: ADDRESS, mail: {} });
});
beforeEach(async () => {
  box = await startMailbox();
  said = [];
});
afterEach(async () => {
  await dispatcher.stop();
  await box.close();
  await database.knex('mails').delete();
});
afterAll(() => database.drop());

async function dispatch(hasMail = true): Promise<void> {
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      said.push(chunk.toString());
      done();
    },
  });
  dispatcher = await dispatcherFor({
    databaseUrl: database.url,
    secretKey,
    logger: pino({ level: 'trace' }, stream),
    ...(hasMail ? { mail: { smtpUrl: box.url, from: '三通平台 <notices@santong.example>' } } : {}),
  });
}

/** A case that waits for the reviewer of public security, whose address is known. */
async function caseForReviewer() {
  const one = await fileCase(database.knex);
  await one.approve(REQUESTER_LEAD, 'requester-lead');
  return one;
}

const mailsIn = async (status: string) => database.knex('mails').where({ status });

test('a task that opens is mailed at once, in Chinese and English, as text and as HTML', async () => {
  const title = `人口<b>&"信息`;
  await database.knex('catalogue_entries').where({ id: 'persons' }).update({ name: title });
  await dispatch();
  const one = await caseForReviewer();
  await until(async () => box.mails.length > 0);
  const { number } = await database.knex('cases').where({ id: one.id }).first('number');
  const [{ to, mail } = { to: '', mail: undefined }] = box.mails;
  expect(to).toBe(ADDRESS);
  expect(mail?.from).toMatchObject({ name: '三通平台', address: 'notices@santong.example' });
  expect(mail?.subject).toBe(`[三通] 新待办 ${number} · New task`);
  expect(mail?.text).toContain(`新待办：《${title}》（${number}）等待办理\nNew task: “${title}” (${number}) waits`);
  expect(mail?.text).toContain(`https://santong.example/cases/${one.id}`);
  expect(mail?.html).toContain('《人口&lt;b&gt;&amp;&quot;信息》');
  const [sent] = await until(async () => {
    const rows = await mailsIn('sent');
    return rows.length > 0 && rows;
  });
  expect(mail?.messageId).toBe(`<${sent.id}@santong.example>`);
  expect(box.mails).toHaveLength(1);
});

test('a server that cannot take it now is tried again with the same message id, and it arrives once', async () => {
  let failures = 2;
  box.refuse = (stage) => (stage === 'data' && (failures -= 1) >= 0 ? '451 come again' : undefined);
  await dispatch();
  await caseForReviewer();
  const [sent] = await until(async () => {
    const rows = await mailsIn('sent');
    return rows.length > 0 && rows;
  });
  expect(sent).toMatchObject({ attempts: 3, error: null });
  expect(box.tries).toBe(3);
  expect(box.mails.map(({ mail }) => mail.messageId)).toEqual([`<${sent.id}@santong.example>`]);
});

test('an address that the server refuses for good is not tried again, and is written nowhere', async () => {
  box.refuse = (stage, to) => (stage === 'recipient' ? `550 no such user ${to}` : undefined);
  await dispatch();
  await caseForReviewer();
  const [dead] = await until(async () => {
    const rows = await mailsIn('dead');
    return rows.length > 0 && rows;
  });
  expect(dead).toMatchObject({ attempts: 1, error: 'EENVELOPE 550' });
  expect(box.tries).toBe(1);
  expect(said.join('')).toContain('a mail could not be sent');
  expect(`${said.join('')}${JSON.stringify(dead)}`).not.toContain('police.example');
  expect(said.join('')).not.toContain('pw');
});

test('a daily mail gathers what comes until the morning, and then goes as one with what was not read meanwhile', async () => {
  await changePreferences(database.knex, REVIEWER.person, { mail: { task: 'daily' } });
  await dispatch();
  await caseForReviewer();
  await caseForReviewer();
  const read = await caseForReviewer();
  const gathered = async () =>
    database.knex('mail_notices as m').join('mails as s', 's.id', 'm.mail_id').where('s.is_closed', false);
  await until(async () => (await gathered()).length === 3);
  await database.knex('notices').where({ case_id: read.id }).update({ read_at: database.knex.fn.now() });
  expect(box.mails).toEqual([]);
  await database.knex('mails').update({ due_at: database.knex.fn.now() });
  await until(async () => box.mails.length > 0);
  expect(box.mails[0]?.mail.subject).toBe('[三通] 今日2条通知 · 2 notices today');
  expect(box.mails[0]?.mail.text?.match(/New task/g)).toHaveLength(2);
  await caseForReviewer();
  await until(async () => (await gathered()).length === 1);
  await changePreferences(database.knex, REVIEWER.person, { mail: { task: 'immediately' } });
});

test('who takes the address back before it goes gets nothing', async () => {
  const { knex } = database;
  await changePreferences(knex, REVIEWER.person, { mail: { task: 'daily' } });
  await dispatch();
  await caseForReviewer();
  await until(async () => (await mailsIn('pending')).length > 0);
  await changePreferences(knex, REVIEWER.person, { email: null, mail: { task: 'immediately' } });
  await knex('mails').update({ due_at: knex.fn.now() });
  await until(async () => (await mailsIn('dropped')).length > 0);
  expect(box.tries).toBe(0);
  await changePreferences(knex, REVIEWER.person, { email: ADDRESS, mail: {} });
});

test('without a mail server nobody is mailed, nothing gathers, and it is said once', async () => {
  await dispatch(false);
  const one = await caseForReviewer();
  await until(async () => database.knex('notices').where({ case_id: one.id, person_id: REVIEWER.person }).first());
  expect(await database.knex('mails')).toEqual([]);
  expect(said.filter((line) => line.includes('No SMTP server'))).toHaveLength(1);
});
