import { createAddressGuard } from '../../notices/addresses.ts';
import { addressOf } from '../../sources/http.ts';
import { createLooker } from '../../sources/looker.ts';
import { json, type Service, startService } from '../support/service.ts';

let service: Service;
let other: Service;
const AUTHORIZATION = 'Bearer s3cret-token';

beforeAll(async () => {
  other = await startService((_, response) => json(response, []));
  service = await startService((request, response) => {
    if (request.headers.authorization !== AUTHORIZATION) return json(response, {}, 401);
    switch (request.url ?? '') {
      case '/v1/':
        return json(response, { ok: true });
      case '/v1/stops?page=1':
        return json(response, {
          data: { list: [{ code: '001', size: 2, at: '2026-01-01T00:00:00Z' }, { code: '01234' }] },
        });
      case '/v1/one':
        return json(response, { code: 'x' });
      case '/v1/none':
        return json(response, []);
      case '/v1/moved':
        return response.writeHead(302, { Location: '/v1/one' }).end();
      case '/v1/round':
        return response.writeHead(302, { Location: '/v1/round' }).end();
      case '/v1/elsewhere':
        return response.writeHead(302, { Location: `${other.url}/x` }).end();
      case '/v1/page':
        return response.end('<html></html>');
      case '/v1/words':
        return json(response, ['a']);
      case '/v1/broken':
        return json(response, {}, 500);
      case '/v1/large':
        return response.end('x'.repeat(5 * 1024 * 1024));
      case '/v1/slow':
        return response.write('[');
      case '/v1/closed':
        return json(response, {}, 403);
      default:
        return json(response, {}, 404);
    }
  });
});
afterAll(() => Promise.all([service.close(), other.close()]));

const looker = (networks: readonly string[] = ['127.0.0.0/8'], serviceMs = 20_000) =>
  createLooker({ guard: createAddressGuard(networks), serviceMs });

const source = (url = `${service.url}/v1/`, authorization = AUTHORIZATION) => ({
  department: 'transport',
  connection: { kind: 'http' as const, url, headers: { Authorization: authorization } },
  isTrusted: false,
});

async function look(path: string, { records, within }: { records?: string; within?: number } = {}) {
  const mount = { sourceId: 's', path, ...(records === undefined ? {} : { records }) };
  const [found] = await looker(undefined, within).look(source(), [mount]);
  return found && 'reason' in found ? found.reason : found;
}

test('the fields of the records say what the service holds, wherever in the answer they are', async () => {
  expect(await look('stops?page=1', { records: '/data/list' })).toEqual({
    outcome: 'found',
    physical: {
      kind: 'service',
      columns: [
        { name: 'code', type: 'C', length: 5, nullable: false },
        { name: 'size', type: 'I', nullable: true },
        { name: 'at', type: 'T', nullable: true },
      ],
    },
  });
  expect(await look('one')).toMatchObject({ physical: { columns: [{ name: 'code' }] } });
});

test.each([
  ['nothing', { outcome: 'gone' }],
  ['none', 'NoRecords'],
  ['page', 'AnswerUnreadable'],
  ['words', 'AnswerUnreadable'],
  ['broken', 'StatusUnexpected'],
  ['closed', 'NoPermission'],
  ['large', 'TooLarge'],
  ['round', 'RedirectRefused'],
  ['elsewhere', 'RedirectRefused'],
  ['../../admin', 'PathOutside'],
])('what is answered at %s is told by one reason', async (path, expected) => {
  expect(await look(path)).toEqual(expected);
});

test('an answer that never ends is waited for so long and no longer', async () => {
  expect(await look('slow', { within: 300 })).toBe('TimedOut');
});

test('a redirect is followed on the same host only, so that what lets the platform in goes nowhere else', async () => {
  expect(await look('moved')).toMatchObject({ outcome: 'found' });
  expect(other.asked).toEqual([]);
});

test('a test says how long it took, and why it could not get in', async () => {
  const found = await looker().probe(source());
  expect(Number.isInteger(found.latencyMs)).toBe(true);
  const failing = (one: ReturnType<typeof source>, networks?: readonly string[]) =>
    looker(networks)
      .probe(one)
      .then(
        () => 'reached',
        (error: { reason: string }) => error.reason,
      );
  expect(await failing(source(undefined, 'Bearer wrong'))).toBe('LoginRefused');
  expect(await failing(source('http://127.0.0.1:1/'))).toBe('NotListening');
  expect(await failing(source('http://no-such-host.invalid/'))).toBe('HostUnknown');
  expect(await failing(source(service.url.replace('http:', 'https:')))).toBe('CertificateRefused');
});

test('no address of this machine or the link is reached unless its network is named, by number or by name', async () => {
  const { port } = new URL(service.url);
  const before = service.asked.length;
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254', '2130706433']) {
    await expect(looker([]).probe(source(`http://${host}:${port}/v1/`))).rejects.toMatchObject({
      reason: 'AddressNotReachable',
    });
  }
  expect(service.asked).toHaveLength(before);
});

test('a path stays below the base address', () => {
  expect(addressOf('http://a.example/v1', '/stops').href).toBe('http://a.example/v1/stops');
  expect(addressOf('http://a.example/v1', '').href).toBe('http://a.example/v1');
  for (const path of ['../x', '%2e%2e/x', '..\\x', 'a/../../x', '#x']) {
    expect(() => addressOf('http://a.example/v1', path)).toThrow('PathOutside');
  }
  expect(addressOf('http://a.example/v1', '//b.example/x').href).toBe('http://a.example/v1/b.example/x');
});
