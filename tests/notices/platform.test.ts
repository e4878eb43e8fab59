import { openDatabase } from '../../store/database.ts';
import { createIntegrator, type Integrator } from '../support/integrator.ts';
import { listenTo } from '../support/listener.ts';
import { type Mailbox, startMailbox } from '../support/mail-server.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { approveAll, file, personsAsk } from '../support/request-play.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'a password for tests';
let platform: Platform;
let integrator: Integrator;
let box: Mailbox;
let receiver: Receiver;

beforeAll(async () => {
  [box, receiver] = await Promise.all([startMailbox(), startReceiver()]);
  platform = await startPlatform({
    env: {
      SANTONG_SMTP_URL: box.url,
      SANTONG_MAIL_FROM: 'notices@santong.example',
      SANTONG_PUBLIC_URL: 'https://santong.example',
      SANTONG_WEBHOOK_NETWORKS: '127.0.0.0/8',
      SANTONG_DEMO_PASSWORD: PASSWORD,
    },
  });
  integrator = createIntegrator({ url: () => platform.state().url, dataDir: platform.dataDir });
}, 180_000);
afterAll(async () => {
  await platform.remove();
  await Promise.all([box.close(), receiver.close()]);
});

async function tokenOf(account: string): Promise<string> {
  const response = await fetch(`${platform.url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ account, password: PASSWORD }),
  });
  return ((await response.json()) as { token: string }).token;
}

test('on a started platform a decision reaches the browser, the mailbox and the webhook of those whom it concerns', async () => {
  const db = openDatabase(platform.databaseUrl, { max: 1 });
  await db('people').where({ id: 'civil-affairs.lead' }).update({ email: 'lead@civil.example' });
  await db.destroy();
  const made = await integrator.post('integrator', '/api/webhooks', { url: receiver.url, types: ['case.ended'] });
  expect(made.answer.status).toBe(201);
  const lead = await listenTo(platform.url, await tokenOf('civil-affairs.lead'));
  const ask = personsAsk('王');
  const began = Date.now();
  const caseId = await file(integrator, ask);
  const told = await until(async () => lead.told.find(({ name }) => name === 'notice'));
  expect(told.data).toMatchObject({ kind: 'taskOpened', case: { id: caseId } });
  // Filing itself included.
  process.stdout.write(`notices: told ${told.at - began} ms after a request was sent\n`);
  await until(async () => box.mails.length > 0);
  expect(box.mails[0]).toMatchObject({
    to: 'lead@civil.example',
    mail: { subject: expect.stringContaining('新待办') },
  });
  await approveAll(integrator, caseId, ask);
  const ended = await until(async () => receiver.taken[0]);
  expect(ended.event).toMatchObject({ subject: caseId, data: { event: { type: 'ended', status: 'completed' } } });

  // A stop does not wait for those who listen.
  const stopping = Date.now();
  await platform.stop();
  await lead.ended;
  expect(lead.told.at(-1)?.name).toBe('end');
  expect(Date.now() - stopping).toBeLessThan(30_000);
}, 120_000);
