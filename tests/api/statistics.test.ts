import { type Api, startApi } from '../support/api.ts';
import { playedCase, THIRD } from '../support/played-cases.ts';
import { storePlayed } from '../support/played-store.ts';

const HANDLING = '/api/statistics/handling';
const CASES = '/api/statistics/cases';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  for (let n = 0; n < 20; n += 1) await storePlayed(api.engine.platform.knex, playedCase(n));
}, 120_000);
afterAll(() => api.close());

async function departmentsIn(account: string, path: string): Promise<Set<string>> {
  const { status, body } = await api.ask(account, 'GET', path);
  expect(status).toBe(200);
  return new Set((body.items ?? body.byDepartment).map((row: { department: { id: string } }) => row.department.id));
}

test('the authority and the auditor see the numbers of every department, a department its own', async () => {
  const all = new Set(['civil-affairs', 'public-security', THIRD]);
  for (const account of ['data-bureau.authority', 'auditor']) {
    expect(await departmentsIn(account, HANDLING)).toEqual(all);
    expect(await departmentsIn(account, CASES)).toEqual(all);
  }
  for (const path of [HANDLING, CASES]) {
    expect(await departmentsIn('civil-affairs.requester', path)).toEqual(new Set(['civil-affairs']));
    expect(await departmentsIn('public-security.lead', path)).toEqual(new Set(['public-security']));
    expect(await departmentsIn('government-office.lead', path)).toEqual(new Set());
  }
});

test('the numbers of another department are refused, one’s own may be named', async () => {
  const other = await api.ask('civil-affairs.lead', 'GET', `${HANDLING}?department=public-security`);
  expect(other).toMatchObject({ status: 403, body: { code: 'NotAllowed' } });
  expect((await api.ask('civil-affairs.lead', 'GET', `${CASES}?department=public-security`)).status).toBe(403);
  expect((await api.ask('civil-affairs.lead', 'GET', `${HANDLING}?department=civil-affairs`)).status).toBe(200);
  expect((await api.ask('admin', 'GET', HANDLING)).status).toBe(403);
});

test('each row names its department and stage, with days to two decimals and both limits', async () => {
  const path = `${HANDLING}?department=public-security&stage=provider-reviewer&process=share-request`;
  const { body } = await api.ask('auditor', 'GET', path);
  expect(body).toMatchObject({ nextCursor: null, items: [{ stage: 'provider-reviewer', process: 'share-request' }] });
  const [row] = body.items;
  expect(row.department).toEqual({ id: 'public-security', name: '沈阳市公安局', nameEn: 'Public Security Bureau' });
  expect(row.handled).toBeGreaterThan(0);
  expect(row.medianDays).toBe(Math.round(row.medianDays * 100) / 100);
  expect(row.p90Days).toBeGreaterThanOrEqual(row.medianDays);
  expect(row.byPromise.onTime).toBeLessThanOrEqual(row.byLaw.onTime);
});

test('a span without cases has no figures', async () => {
  const { body } = await api.ask('auditor', 'GET', `${CASES}?from=2020-01-01&to=2020-12-31`);
  expect(body).toEqual({ byProcess: [], byDepartment: [] });
});

test('a case is counted as running as soon as it is recorded', async () => {
  const running = async (): Promise<number> => {
    const { body } = await api.ask('auditor', 'GET', CASES);
    return body.byProcess[0].running;
  };
  const before = await running();
  await storePlayed(api.engine.platform.knex, playedCase(900, { steps: 0 }));
  expect(await running()).toBe(before + 1);
});

test('everything that is wrong with a question is named at once', async () => {
  const ask = async (query: string) => {
    const { status, body } = await api.ask('auditor', 'GET', `${HANDLING}?${query}`);
    return { status, faults: body.errors.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`) };
  };
  expect(await ask('from=2026-02-30&to=2026-13-01&department=no-such')).toEqual({
    status: 422,
    faults: ['/query/from DateUnknown', '/query/to DateUnknown', '/query/department NotOffered'],
  });
  expect(await ask('from=2026-05-02&to=2026-05-01')).toEqual({ status: 422, faults: ['/query/to PeriodReversed'] });
  expect(await ask('from=yesterday&stage=%00')).toEqual({
    status: 422,
    faults: ['/query/from Malformed', '/query/stage Malformed'],
  });
});
