import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '../../cli/client.ts';
import { projectRoot } from '../../config.ts';

interface Scripted {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

let server: Server;
let asked: { readonly line: string; readonly key: string | undefined }[];
let script: (request: IncomingMessage, nth: number) => Scripted;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({
      line: `${request.method} ${request.url}`,
      key: request.headers['idempotency-key'] as string | undefined,
    });
    const { status, body, text, headers } = script(request, asked.length);
    const type = text === undefined ? 'application/json' : 'text/html';
    response.writeHead(status, { 'Content-Type': type, ...headers }).end(text ?? JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => (asked = []));
afterAll(() => new Promise((resolve) => server.close(resolve)));

function client(patienceMs = 5_000) {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createClient({ url, language: 'en', patienceMs });
}

test('a platform that is busy is asked again under the same key, after as long as it says', async () => {
  script = (_, nth) =>
    nth < 3 ? { status: 503, headers: { 'Retry-After': '0' } } : { status: 200, body: { ok: true } };
  expect(await client().post('/api/x')).toEqual({ ok: true });
  expect(asked).toHaveLength(3);
  expect(new Set(asked.map(({ key }) => key)).size).toBe(1);
});

test('a command that was only accepted is waited for, and then has the answer that it would have had', async () => {
  script = ({ method }, nth) => {
    if (method === 'GET') return { status: 200, body: { status: nth < 4 ? 'pending' : 'done' } };
    return nth === 1 ? { status: 202, body: { href: '/api/commands/c' } } : { status: 201, body: { id: 'case' } };
  };
  expect(await client().post('/api/share-requests')).toEqual({ id: 'case' });
  expect(asked.map(({ line }) => line)).toEqual([
    'POST /api/share-requests',
    'GET /api/commands/c',
    'GET /api/commands/c',
    'GET /api/commands/c',
    'POST /api/share-requests',
  ]);
  expect(asked[0]?.key).toBe(asked[4]?.key);
});

test('a command that was accepted and refused later ends as its refusal', async () => {
  const problem = { type: '/problems/own-request', title: 'no', status: 403, code: 'OwnRequest' };
  script = ({ method }) =>
    method === 'GET'
      ? { status: 200, body: { status: 'refused', problem } }
      : { status: 202, body: { href: '/api/commands/c' } };
  await expect(client().post('/api/x')).rejects.toMatchObject({ exit: 'notAllowed', problem: { code: 'OwnRequest' } });
});

test('a command whose outcome stays unknown is never called undone', async () => {
  script = ({ method }) =>
    method === 'GET'
      ? { status: 200, body: { status: 'pending' } }
      : { status: 202, body: { href: '/api/commands/c' } };
  await expect(client(400).post('/api/x')).rejects.toMatchObject({ exit: 'pending' });
});

test('something else that answers at the address is told from the platform', async () => {
  script = () => ({ status: 200, text: '<html>' });
  await expect(client().get('/api/me')).rejects.toMatchObject({ message: expect.stringContaining('Santong') });
});

test('one file of the command line opens databases, and none reads the environment but its own', () => {
  const files = readdirSync(join(projectRoot, 'cli'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, text: readFileSync(join(projectRoot, 'cli', name), 'utf8') }));
  const holding = (pattern: RegExp): string[] => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
  expect(holding(/from 'pg'/)).toEqual([join('demo', 'compare.ts')]);
  expect(holding(/process\.env/)).toEqual(['environment.ts']);
});
