import { type Api, application, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

const NUL = 'aud\0itor';
const HALF = 'aud\ud800itor';

test.each([
  ['a login', null, 'POST', '/api/session', { account: NUL, password: HALF }, ['/account', '/password']],
  [
    'a new password',
    'auditor',
    'PUT',
    '/api/me/password',
    { current: NUL, next: 'x'.repeat(12) + NUL },
    ['/current', '/next'],
  ],
  [
    'the name of a draft, whose content may be anything,',
    'civil-affairs.requester',
    'PUT',
    '/api/share-request-drafts/00000000-0000-4000-8000-000000000000',
    { title: NUL, content: { scenario: NUL, further: [{ reasons: { a: HALF } }], 'a\0b': 1 } },
    ['/title'],
  ],
  [
    'an application',
    'civil-affairs.requester',
    'POST',
    '/api/share-requests',
    application({
      entryId: NUL,
      items: ['name', NUL],
      masks: { [NUL]: 'name' },
      further: [{ entryId: 'companies', items: ['name'], reasons: { a: HALF } }],
    }),
    ['/entryId', '/items/1', `/masks/${NUL}`, '/further/0/reasons/a'],
  ],
])(
  'text that no database holds is refused in %s, each by its place',
  async (_, account, method, path, body, places) => {
    const answer = await api.ask(account, method, path, { body });
    expect(answer).toMatchObject({ status: 422, body: { code: 'Invalid' } });
    const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.toSorted()).toEqual(places.toSorted());
  },
);

test('it is refused in a query as well, and names nothing in a path', async () => {
  const query = await api.ask('auditor', 'GET', '/api/data-map/grants?to=civil-affairs&from=a%00&theme=b%00');
  expect(query).toMatchObject({ status: 422, body: { code: 'Invalid' } });
  const pointers = query.body.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect(pointers.toSorted()).toEqual(['/query/from', '/query/theme']);
  const paths = api.app.endpoints.filter(({ path, method }) => path.includes(':') && method === 'get');
  for (const { path, access } of paths) {
    const answer = await api.ask(access === 'public' ? null : 'auditor', 'GET', path.replaceAll(/:\w+/g, 'a%00'));
    expect([path, answer.status < 500]).toEqual([path, true]);
  }
});

test.each([
  ['/api/cases?', 'from'],
  ['/api/cases?', 'to'],
  ['/api/gateway/usage?to=2026-11-25&', 'from'],
  ['/api/gateway/usage?from=2026-11-25&', 'to'],
  ['/api/reads?', 'from'],
  ['/api/reads?', 'to'],
  ['/api/sharing-lines?', 'on'],
  ['/api/statistics/cases?', 'from'],
  ['/api/tasks?', 'dueBy'],
])('a day that does not exist is refused in %s%s', async (path, name) => {
  for (const day of ['2026-02-30', '9999-99-99', '0000-01-01']) {
    const answer = await api.ask('auditor', 'GET', `${path}${name}=${day}`);
    const errors = [{ pointer: `/query/${name}`, code: 'DateUnknown' }];
    expect({ day, ...answer }).toMatchObject({ day, status: 422, body: { code: 'Invalid', errors } });
  }
});
