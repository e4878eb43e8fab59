import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { takes, typeOfEvent } from '../../domain/notices/cloud-event.ts';
import { ATTEMPTS, pauseAfter, PAUSES_S } from '../../domain/notices/retry.ts';
import { createAddressGuard } from '../../notices/addresses.ts';
import { mailText } from '../../notices/mail-text.ts';
import { newSecret, signatureHeaders } from '../../notices/signature.ts';

test('pauses grow, vary by a fifth, and end', () => {
  for (const [index, seconds] of PAUSES_S.entries()) {
    expect(pauseAfter(index + 1, 0)).toBe(seconds * 800);
    expect(pauseAfter(index + 1, 0.5)).toBe(seconds * 1_000);
    expect(pauseAfter(index + 1, 1)).toBe(seconds * 1_200);
  }
  expect([...PAUSES_S]).toEqual(PAUSES_S.toSorted((a, b) => a - b));
  expect(pauseAfter(ATTEMPTS, 0.5)).toBeUndefined();
});

test('a filter takes everything, a kind, or one type', () => {
  const type = typeOfEvent('share-request', 'stageEntered');
  expect(type).toBe('case.stage-entered');
  expect(typeOfEvent('grant', 'suspended')).toBe('grant.suspended');
  const filters = ['*', 'case.*', 'case.stage-entered', 'case.stage', 'grant.*', 'case'];
  expect(filters.filter((filter) => takes(filter, type))).toEqual(['*', 'case.*', 'case.stage-entered']);
});

test('whatever is sent, a receiver’s own library takes the signature and refuses a changed body', () => {
  fc.assert(
    fc.property(fc.json(), fc.uuid(), (body, id) => {
      const [secret, before] = [newSecret(), newSecret()];
      const timestamp = Math.floor(Date.now() / 1_000);
      const headers = signatureHeaders([secret, before], { id, timestamp, body });
      for (const known of [secret, before]) expect(new Webhook(known).verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature');
      expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow('No matching signature');
      expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'other' })).toThrow(
        'No matching signature',
      );
    }),
    { numRuns: 50 },
  );
});

const SPECIAL = [
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '224.0.0.1',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
];

test('nothing may be sent to loopback, private, link-local and other special addresses, in whatever clothes', () => {
  const guard = createAddressGuard([]);
  expect(SPECIAL.filter((address) => !guard.forbids(address))).toEqual([]);
  expect(guard.forbids(new URL('http://0x7f.1/').hostname)).toBe(true);
  expect(guard.forbids(new URL('http://[::1]/').hostname)).toBe(true);
  expect(['8.8.8.8', '2400:3200::1', 'receiver.example'].filter((host) => guard.forbids(host))).toEqual([]);
});

test('a network that the place names is permitted, and no other', () => {
  const guard = createAddressGuard(['10.0.0.0/8', 'fd00::/16']);
  expect(SPECIAL.filter((address) => !guard.forbids(address))).toEqual(['10.1.2.3', 'fd00::1', '::ffff:10.0.0.1']);
});

test('a name that leads to this machine is not connected to', async () => {
  const look = (networks: string[], all: boolean) =>
    new Promise((resolve) => {
      createAddressGuard(networks).lookup('localhost', { all, family: 4 }, (error, address) =>
        resolve(error ?? address),
      );
    });
  expect(await look([], true)).toMatchObject({ code: 'AddressForbidden' });
  expect(await look([], false)).toMatchObject({ code: 'AddressForbidden' });
  expect(await look(['127.0.0.0/8'], false)).toBe('127.0.0.1');
  expect(await look(['127.0.0.0/8'], true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
});

test('a mail says it in Chinese and then in English, and what it quotes is never markup or a header', () => {
  const params = { number: 'SQ-2026-000001', title: `<img src=x onerror="a('b')">&\r\nBcc: all@example.com` };
  const notices = [{ kind: 'granted', caseId: 'a/b', href: null, params, at: new Date(0) }];
  const { subject, text, html } = mailText({ notices, isDaily: false }, 'https://santong.example');
  expect(subject).toBe('[三通] 已同意 SQ-2026-000001 · Granted');
  expect(text.indexOf('已同意共享')).toBeLessThan(text.indexOf('has been granted'));
  expect(text).not.toMatch(/^Bcc/m);
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;');
  expect(html).toContain('href="https://santong.example/cases/a%2Fb"');
  const ofAnEntry = [{ kind: 'entryChanged', caseId: null, href: '/api/catalogue/e-1', params, at: new Date(0) }];
  const other = mailText({ notices: ofAnEntry, isDaily: false }, 'https://santong.example');
  expect(other.html).toContain('href="https://santong.example/catalogue/e-1"');
  const daily = mailText({ notices: [...notices, ...notices], isDaily: true }, undefined);
  expect(daily.subject).toBe('[三通] 今日2条通知 · 2 notices today');
  expect(daily.html).not.toContain('href');
});
