import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { PORTAL_POLICY } from '../../api/portal.ts';
import { projectRoot } from '../../config.ts';
import { type Api, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi({ portalFolder: join(projectRoot, 'dist', 'portal') });
}, 120_000);
afterAll(() => api.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(api.url + path, { headers: { Accept: 'text/html,*/*', ...headers } });

/** As a browser asks: fetch forbids caches as soon as it is told what to compare with. */
async function statusOf(path: string, headers: Record<string, string>): Promise<number | undefined> {
  const [response] = (await once(request(api.url + path, { headers }).end(), 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

async function assets(): Promise<string[]> {
  const page = await (await get('/')).text();
  return [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
}

test('any address that a browser goes to is the page, which is asked for anew each time and runs its own files only', async () => {
  for (const path of [
    '/',
    '/tasks',
    '/cases/1b2c',
    '/grants/1b2c.grant',
    '/catalogue/persons?version=1',
    '/index.html',
  ]) {
    const answer = await get(path);
    expect([path, answer.status, answer.headers.get('Content-Type')]).toEqual([path, 200, 'text/html; charset=utf-8']);
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
    expect(answer.headers.get('Content-Security-Policy')).toBe(PORTAL_POLICY);
    expect(await answer.text()).not.toMatch(/<script(?![^>]*src=)|style=|https?:/);
  }
  expect(PORTAL_POLICY).not.toMatch(/unsafe|https?:|\*/);
});

test('files with a digest in their name are kept for ever, compressed where the browser takes it', async () => {
  const paths = await assets();
  expect(paths.length).toBeGreaterThanOrEqual(2);
  for (const path of paths) {
    const plain = await get(path, { 'Accept-Encoding': 'identity' });
    expect(plain.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('Content-Encoding')).toBeNull();
    const tag = plain.headers.get('ETag') ?? '';
    expect(await statusOf(path, { 'If-None-Match': tag })).toBe(304);
    expect(await statusOf(path, { 'If-None-Match': 'W/"another"' })).toBe(200);
    expect(plain.headers.get('Content-Type')).toMatch(/^text\/(javascript|css)/);
  }
});

test('what the first page loads is under 250 kB compressed', async () => {
  const sizes = await Promise.all(
    (await assets()).map(async (path) =>
      Number((await get(path, { 'Accept-Encoding': 'gzip' })).headers.get('Content-Length')),
    ),
  );
  expect(Math.min(...sizes)).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000);
});

test('the API is what it was: its answers and refusals are never pages', async () => {
  const missing = await get('/api/nothing');
  expect([missing.status, missing.headers.get('Content-Type')]).toEqual([
    404,
    'application/problem+json; charset=utf-8',
  ]);
  expect((await get('/api/me')).status).toBe(401);
  for (const path of ['/assets/none.js', '/api', '/gateway/x', '/ledger/x', '/favicon.ico'])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect((await get('/tasks', { Accept: 'application/json' })).status).toBe(404);
  expect((await fetch(`${api.url}/tasks`, { method: 'POST' })).status).toBe(404);
  expect((await get('/../package.json')).headers.get('Content-Type')).not.toMatch(/^application\/json/);
});

test('a compressed file is the file', async () => {
  const [path = ''] = await assets();
  const plain = await (await get(path, { 'Accept-Encoding': 'identity' })).text();
  // fetch unpacks what it asked for by itself, so the copy beside it is read as bytes.
  expect(gunzipSync(readFileSync(join(projectRoot, 'dist', 'portal', `${path}.gz`))).toString()).toBe(plain);
});
