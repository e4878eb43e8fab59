import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { ATTEMPTS, PAUSES_S } from '../../domain/notices/retry.ts';
import { MAIL_DEFAULTS, TOPICS } from '../../domain/notices/words.ts';
import { newSecret, signatureHeaders } from '../../notices/signature.ts';
import { KEPT_DAYS } from '../../store/notice-sweep.ts';
import { isGenuine } from './examples/webhook-receiver.ts';

const page = async (name: string): Promise<string> => readFile(join(projectRoot, 'docs', name), 'utf8');

test('notices.md shows the receiver as it is tested here', async () => {
  const code = await readFile(join(import.meta.dirname, 'examples', 'webhook-receiver.ts'), 'utf8');
  expect(await page('notices.md')).toContain(code.trim());
});

test('the receiver of the example takes what the platform signs, and nothing else', () => {
  const [secret, next] = [newSecret(), newSecret()];
  const now = Date.parse('2026-11-25T10:00:00+08:00');
  const timestamp = now / 1_000;
  const body = '{"specversion":"1.0","title":"人口"}';
  const headers = signatureHeaders([next, secret], { id: 'one', timestamp, body });
  for (const known of [secret, next]) expect(isGenuine({ headers, body }, known, now)).toBe(true);
  const otherId = { ...headers, 'webhook-id': 'two' };
  const unsigned = { ...headers, 'webhook-signature': undefined };
  const wrong = { ...headers, 'webhook-signature': 'v1,AAAA v2,x' };
  expect(isGenuine({ headers, body: body.replace('1.0', '1.1') }, secret, now)).toBe(false);
  expect(isGenuine({ headers, body }, newSecret(), now)).toBe(false);
  expect(isGenuine({ headers, body }, secret, now + 301_000)).toBe(false);
  for (const bad of [otherId, unsigned, wrong, {}]) expect(isGenuine({ headers: bad, body }, secret, now)).toBe(false);
});

test('notices.md and operations.md say the numbers that hold', async () => {
  const [notices, operations] = await Promise.all([page('notices.md'), page('operations.md')]);
  expect(notices).toContain(`after ${ATTEMPTS} attempts`);
  const words = PAUSES_S.map((seconds) => {
    if (seconds < 60) return `${seconds} s`;
    return seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`;
  });
  expect(notices).toContain(words.join(', '));
  for (const topic of TOPICS)
    expect(notices).toMatch(new RegExp(`^\\| \`${topic}\` \\| .* \\| ${MAIL_DEFAULTS[topic]} \\|$`, 'm'));
  const rows: Readonly<Record<keyof typeof KEPT_DAYS, string>> = {
    outbox: 'outbox and feed of `/api/events`',
    noticesRead: 'notices that were read',
    notices: 'notices that were not',
    mails: 'mails that were sent or given up',
    delivered: 'webhook deliveries that went well',
    dead: 'webhook deliveries that were given up',
  };
  for (const [name, what] of Object.entries(rows)) {
    expect(operations).toContain(`| ${what} | ${KEPT_DAYS[name as keyof typeof KEPT_DAYS]} |`);
  }
});
