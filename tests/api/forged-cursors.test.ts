import type { PlacePart } from '../../api/cursor-parts.ts';
import { decodeCursor, type ListKind, type ListName, PLACES } from '../../api/cursor.ts';
import { type Api, startApi } from '../support/api.ts';
import { storeGrant } from '../support/grants.ts';

const TIME = '2026-11-25 11:46:42.123456+08';
const UUID = '00000000-0000-4000-8000-000000000000';

type Parts = readonly [key: string, id: string];
type Row = readonly [path: string, list: ListName, sound: Parts, account?: string];

const SOUND: Readonly<Record<PlacePart, string>> = {
  text: '',
  ranked: '1x',
  time: TIME,
  date: 'infinity',
  integer: '2147483647',
  bigint: '9007199254740991',
  uuid: UUID,
};

const FORGED: Readonly<Record<PlacePart, readonly string[]>> = {
  text: [],
  ranked: ['', 'x'],
  time: ['1', '', 'infinity', '2026-02-30 11:46:42+08', '2026-11-25 24:46:42+08', '2026-11-25 11:46:42+99'],
  date: ['1', '2026-02-30', TIME],
  integer: ['x', '-1', '1e3', '2147483648', ''],
  bigint: ['x', '1.5', '9223372036854775808', ''],
  uuid: ['2', UUID.slice(1), ''],
};

const [GRANT, CASE] = ['forged-cursors.grant', 'forged-cursors'];
const BY_TIME: Parts = [TIME, 'x'];
const BY_TIME_AND_UUID: Parts = [TIME, UUID];

/** Every list, by a request for it, and a place that it could have given. */
const LISTS: readonly Row[] = [
  ['/api/absences', 'absences', BY_TIME_AND_UUID],
  ['/api/alerts', 'alerts', BY_TIME_AND_UUID],
  ['/api/articles', 'articles', ['2026-11-25', UUID], 'data-bureau.authority'],
  ['/api/calendars', 'calendars', ['', '3']],
  [`/api/cases/${CASE}/events`, 'events', ['1', CASE]],
  ['/api/cases', 'cases', BY_TIME],
  ['/api/catalogue', 'catalogue-code', ['a', 'x']],
  ['/api/catalogue?q=人', 'catalogue-relevance', ['1a', 'x']],
  ['/api/catalogue?sort=published', 'catalogue-published', BY_TIME],
  ['/api/catalogue/drafts', 'catalogue-drafts', BY_TIME_AND_UUID],
  ['/api/catalogue/drifts', 'drifts', BY_TIME_AND_UUID],
  ['/api/catalogue/imports', 'imports', BY_TIME_AND_UUID],
  ['/api/catalogue/subscriptions', 'subscriptions:', BY_TIME_AND_UUID],
  ['/api/catalogue/synonyms', 'synonyms', ['', '3']],
  ['/api/chains', 'chains', BY_TIME],
  ['/api/data-map/grants?from=public-security&to=civil-affairs', 'map-grants', ['a', 'x']],
  ['/api/deliveries', 'all-deliveries', BY_TIME],
  ['/api/directory/changes', 'changes', ['3', '3']],
  [`/api/grants/${GRANT}/calls`, `calls:${GRANT}`, BY_TIME],
  [`/api/grants/${GRANT}/deliveries`, 'deliveries', BY_TIME],
  ['/api/grants', 'grants', BY_TIME],
  ['/api/links', 'links', ['grant', 'x']],
  ['/api/needs', 'needs:age', ['2026', UUID]],
  ['/api/notices', 'notices', ['3', '']],
  ['/api/open/articles', 'open-articles:', ['2026', UUID]],
  ['/api/open/entries', 'open-entries-code', ['a', 'x']],
  ['/api/open/entries?q=人', 'open-entries-relevance', ['1a', 'x']],
  ['/api/people', 'people', ['x', 'x']],
  ['/api/reads', 'reads', ['3', '3']],
  ['/api/reconciliations', 'reconciliations', BY_TIME_AND_UUID],
  ['/api/services', 'services', ['x', 'x']],
  ['/api/sessions', 'sessions', BY_TIME_AND_UUID],
  ['/api/share-request-drafts', 'share-request-drafts', BY_TIME_AND_UUID, 'civil-affairs.requester'],
  ['/api/sharing-lines?on=2026-11-25', 'sharing-lines:2026-11-25', BY_TIME],
  ['/api/tasks', 'tasks-newest:mine', BY_TIME],
  ['/api/tasks?sort=due', 'tasks-due:mine', ['infinity', 'x']],
  ['/api/webhooks', 'webhooks', BY_TIME_AND_UUID, 'integrator'],
];

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await storeGrant(api.engine.platform.knex, { grantId: GRANT, validFrom: '2026-11-25', validTo: '2027-11-24' });
}, 120_000);
afterAll(() => api.close());

function ask(path: string, list: string, parts: readonly unknown[], account = 'auditor') {
  const cursor = Buffer.from(JSON.stringify([list, ...parts])).toString('base64url');
  return api.ask(account, 'GET', `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
}

/** Lists of what is not made here: their places are held by the types and by `PLACES` alone. */
const NOT_ASKED = [
  '/api/deliveries/:id/downloads',
  '/api/reconciliations/:id/differences',
  '/api/routes/:id/migrations/:run',
  '/api/webhooks/:id/deliveries',
];
/** Its cursors are sealed. */
const SEALED = ['/gateway/:service'];

test('every endpoint that takes a cursor is asked here', () => {
  const taking = api.app.endpoints.filter(({ query }) => query && 'cursor' in query.shape).map(({ path }) => path);
  const templates = LISTS.map(([path]) => path.replace(/\?.*/, '').replace(GRANT, ':id').replace(CASE, ':id'));
  expect([...new Set([...templates, ...NOT_ASKED, ...SEALED])].toSorted()).toEqual(taking.toSorted());
});

test.each(LISTS.map((row) => ({ row })))(
  '$row.0 takes a place that it could have given, and no forged one',
  async ({ row }) => {
    const [path, list, [key, id], account] = row;
    expect(await ask(path, list, [key, id], account)).toMatchObject({ status: 200 });
    const [ofKey, ofId] = PLACES[list.split(':', 1)[0] as ListKind];
    const forged = [
      [1, 2],
      [key],
      [`${key}\0`, id],
      [key, '\ud800'],
      ...FORGED[ofKey].map((bad) => [bad, id]),
      ...FORGED[ofId].map((bad) => [key, bad]),
    ];
    const errors = [expect.objectContaining({ pointer: '/query/cursor', code: 'Malformed' })];
    for (const parts of forged) {
      expect(await ask(path, list, parts, account)).toMatchObject({ status: 422, body: { code: 'Invalid', errors } });
    }
  },
);

test.each(Object.entries(PLACES))('a place of %s is refused where it is none', (list, [ofKey, ofId]) => {
  const cursor = (key: string, id: string) => Buffer.from(JSON.stringify([list, key, id])).toString('base64url');
  const decode = (key: string, id: string) => decodeCursor(list as ListKind, cursor(key, id));
  expect(decode(SOUND[ofKey], SOUND[ofId])).toEqual([SOUND[ofKey], SOUND[ofId]]);
  for (const bad of FORGED[ofKey]) expect(() => decode(bad, SOUND[ofId])).toThrow('Invalid');
  for (const bad of FORGED[ofId]) expect(() => decode(SOUND[ofKey], bad)).toThrow('Invalid');
});
