import { once } from 'node:events';
import { connect } from 'node:net';
import { REFUSAL_CODES } from '../../domain/machine.ts';
import { API_CODES } from '../../api/problem-table.ts';
import { PROBLEM_CODES, statusOf, titleOf, typeOf } from '../../api/problem.ts';
import { type Api, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

test('every refusal has a status, its own address, and a title in both languages', () => {
  expect(PROBLEM_CODES.toSorted()).toEqual([...REFUSAL_CODES, ...API_CODES].toSorted());
  for (const code of PROBLEM_CODES) {
    expect(statusOf(code)).toBeGreaterThanOrEqual(400);
    expect(titleOf(code, 'zh')).toMatch(/\p{Script=Han}/u);
    expect(titleOf(code, 'en')).toMatch(/^[\x20-\x7e]+$/);
  }
  expect(new Set(PROBLEM_CODES.map(typeOf)).size).toBe(PROBLEM_CODES.length);
  expect(typeOf('AlreadyDecided')).toBe('/problems/already-decided');
});

test.each([
  [undefined, 'zh-CN', '请先登录'],
  ['zh-CN', 'zh-CN', '请先登录'],
  ['fr', 'zh-CN', '请先登录'],
  ['en', 'en', 'Log in first'],
  ['en-GB,zh;q=0.5', 'en', 'Log in first'],
  ['zh;q=0.2, en;q=0.9', 'en', 'Log in first'],
])('who prefers %s is told in %s', async (accept, language, title) => {
  const headers: Record<string, string> = accept === undefined ? {} : { 'Accept-Language': accept };
  const answer = await api.ask(null, 'GET', '/api/me', { headers });
  expect(answer).toMatchObject({
    status: 401,
    body: { type: '/problems/not-authenticated', title, status: 401, code: 'NotAuthenticated' },
  });
  expect(answer.headers.get('Content-Language')).toBe(language);
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body.requestId).toBe(answer.headers.get('X-Request-Id'));
});

test.each([
  ['GET', '/api/nothing', 404, 'NotFound'],
  ['DELETE', '/api/cases', 405, 'MethodNotAllowed'],
  ['GET', '/api/cases/%00', 404, 'NotFound'],
  ['GET', '/api/cases/%E0%A4%A', 404, 'NotFound'],
  ['GET', '/api/attachments/not-a-uuid', 404, 'NotFound'],
  ['GET', "/api/cases/'%20or%20'1'='1", 404, 'NotFound'],
  ['GET', '/api/cases?cursor=forged', 422, 'Invalid'],
  ['GET', '/api/cases?limit=0', 422, 'Invalid'],
  ['GET', '/api/cases?colour=red', 422, 'Invalid'],
  ['GET', '/api/cases?status=in-approval&status=refused', 422, 'Invalid'],
])('%s %s is answered %d %s', async (method, path, status, code) => {
  const answer = await api.ask('auditor', method, path);
  expect(answer).toMatchObject({ status, body: { status, code } });
});

test.each([
  ['PUT', '/api/cases', 'POST, HEAD, GET'],
  ['DELETE', '/api/share-requests', 'POST'],
  ['PURGE', '/api/cases', 'POST, HEAD, GET'],
])('%s %s is refused with the methods that are answered', async (method, path, allowed) => {
  const answer = await api.ask('auditor', method, path);
  expect(answer).toMatchObject({ status: 405, body: { status: 405, code: 'MethodNotAllowed' } });
  expect(answer.headers.get('Allow')).toBe(allowed);
});

test.each([
  ['{"entryId": ', {}, 400, 'Malformed'],
  [Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), {}, 400, 'Malformed'],
  ['['.repeat(100_000), {}, 400, 'Malformed'],
  [`${'['.repeat(10_000)}${']'.repeat(10_000)}`, {}, 400, 'Malformed'],
  ['a=b', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'UnsupportedMediaType'],
  [`{"scenario":"${'长'.repeat(200_000)}"}`, {}, 413, 'BodyTooLarge'],
  ['[]', {}, 422, 'Invalid'],
  ['null', {}, 422, 'Invalid'],
  ['"text"', {}, 422, 'Invalid'],
])('a body like %.20j is answered with its own code', async (raw, headers, status, code) => {
  const answer = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { raw, headers });
  expect(answer).toMatchObject({ status, body: { status, code } });
});

test('a body whose length is not told is cut off where it becomes too long', async () => {
  const token = await api.token('civil-affairs.requester');
  const chunk = new Uint8Array(65_536).fill(32);
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent += 1;
      if (sent > 200) controller.close();
      else controller.enqueue(chunk);
    },
  });
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': 'long' };
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
  const { status } = await fetch(`${api.url}/api/share-requests`, init);
  expect(status).toBe(413);
});

test.each([
  ['zh-CN', '请缩减到 256 KiB 以内再提交', '请核对编号和地址；也可能是你无权查看的内容'],
  [
    'en',
    'Send no more than 256 KiB',
    'Look at the id and the address again; it may also be something that is not for you to see',
  ],
])('a refusal says in %s what to do next', async (language, large, absent) => {
  const headers = { 'Accept-Language': language };
  const raw = `{"scenario":"${'x'.repeat(262_144)}"}`;
  const refused = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { raw, headers });
  expect(refused).toMatchObject({ status: 413, body: { detail: large } });
  const path = '/api/attachments?name=a.bin';
  const bytes = {
    raw: new Uint8Array(10_485_761),
    headers: { ...headers, 'Content-Type': 'application/octet-stream' },
  };
  const file = await api.ask('civil-affairs.requester', 'POST', path, bytes);
  expect(file.body.detail).toBe(large.replace('256 KiB', '10 MiB'));
  expect(await api.ask('auditor', 'GET', '/api/cases/none', { headers })).toMatchObject({ body: { detail: absent } });
});

/** Sends everything before it reads anything, as a simple client does, and asks to have the connection closed. */
async function sendsAllFirst(path: string, headers: readonly string[], size: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(api.url).port) });
  await once(socket, 'connect');
  const head = [`POST ${path} HTTP/1.1`, 'Host: santong', 'Connection: close', `Content-Length: ${size}`, ...headers];
  socket.pause();
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const chunk = new Uint8Array(1_048_576);
  for (let sent = 0; sent < size; sent += chunk.length) {
    await new Promise<void>((resolve, reject) => {
      socket.write(chunk.subarray(0, Math.min(chunk.length, size - sent)), (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.resume();
  await once(socket, 'close');
  return answer;
}

test.each([
  ['too long', true, 413],
  ['from nobody', false, 401],
])(
  'a long body that is %s is refused so that a client hears of it that sends all before it reads',
  async (_, isKnown, status) => {
    const token = isKnown ? [`Authorization: Bearer ${await api.token('civil-affairs.requester')}`] : [];
    const headers = ['Content-Type: application/octet-stream', 'Idempotency-Key: long-and-closed', ...token];
    const answer = await sendsAllFirst('/api/attachments?name=a.bin', headers, 11 * 1_048_576);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  },
);

test.each([
  [null, 'IdempotencyKeyMissing'],
  ['with space', 'IdempotencyKeyMalformed'],
  ['k'.repeat(129), 'IdempotencyKeyMalformed'],
])('a POST under the key %j is refused', async (key, code) => {
  const answer = await api.ask('civil-affairs.requester', 'POST', '/api/attachments?name=a.pdf', {
    raw: 'content',
    headers: { 'Content-Type': 'application/octet-stream' },
    key,
  });
  expect(answer).toMatchObject({ status: 400, body: { code } });
});

test('an error that nobody expected is answered without a word of it', async () => {
  const { knex } = api.engine.platform;
  await knex.raw('alter table departments rename to elsewhere');
  try {
    const answer = await api.ask('auditor', 'GET', '/api/departments');
    expect(answer).toMatchObject({ status: 500, body: { code: 'InternalError' } });
    expect(JSON.stringify(answer.body)).not.toMatch(/relation|select|elsewhere| at /);
  } finally {
    await knex.raw('alter table elsewhere rename to departments');
  }
});
