import { Validator } from '@seriousme/openapi-schema-validator';
import { type Api, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

async function document() {
  const { status, body } = await api.ask(null, 'GET', '/api/openapi.json');
  expect(status).toBe(200);
  return body;
}

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(await document());
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(validator.version).toBe('3.1');
});

test('every route of the router is in the document, and nothing else', async () => {
  const { paths } = await document();
  const documented = Object.entries(paths as Record<string, Record<string, unknown>>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routed = api.app.router.stack.flatMap((layer) =>
    layer.methods
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${String(layer.path).replaceAll(/:(\w+)/g, '{$1}')}`),
  );
  expect(documented.toSorted()).toEqual(routed.toSorted());
});

test('every operation has its own id, a summary, and says how it refuses', async () => {
  const { paths } = await document();
  const operations = Object.values(paths as Record<string, Record<string, never>>).flatMap(
    (item) => Object.values(item) as { operationId: string; summary: string; responses: object }[],
  );
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { summary, responses } of operations) {
    expect(summary).not.toBe('');
    expect(Object.keys(responses)).toContain('503');
  }
});

interface Operation {
  readonly parameters?: readonly object[];
  /** Empty: for everybody. */
  readonly security?: readonly object[];
}

test('every POST of those who are logged in names its Idempotency-Key, and no reference leads nowhere', async () => {
  const whole = await document();
  for (const item of Object.values(whole.paths as Record<string, Record<string, Operation>>)) {
    if (!item['post'] || item['post'].security?.length === 0) continue;
    expect(item['post'].parameters).toContainEqual(
      expect.objectContaining({ name: 'Idempotency-Key', required: true }),
    );
  }
  const names = [...JSON.stringify(whole).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(20);
  for (const name of names) expect(whole.components.schemas).toHaveProperty([String(name)]);
});

test('what is held against If-Match names it, and says how it refuses who sends none', async () => {
  const { paths } = await document();
  const change = paths['/api/routes/{id}/drafts/{draft}'].put;
  expect(change.parameters).toContainEqual(expect.objectContaining({ name: 'If-Match', required: true }));
  expect(Object.keys(change.responses)).toEqual(expect.arrayContaining(['412', '428']));
  const act = paths['/api/cases/{id}/actions'].post;
  expect(act.parameters).toContainEqual(expect.objectContaining({ name: 'If-Match', required: false }));
});

test('the page for reading names every path and loads nothing from elsewhere', async () => {
  const page = await api.ask(null, 'GET', '/api/docs');
  expect(page).toMatchObject({ status: 200 });
  expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  for (const path of Object.keys((await document()).paths)) expect(page.body).toContain(`<code>${path}</code>`);
  expect(page.body).not.toMatch(/<script|src=|https?:\/\//);
});
