import { type PlayedCase, playedCase } from '../support/played-cases.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { storePlayed, storeStaff } from '../support/played-store.ts';
import { type Account, accountOf, hoursBetween } from '../support/visits-account.ts';
import { rebuildProjection } from '../../store/rebuild.ts';
import { caseStatistics, handlingStatistics, type HandlingFilter } from '../../store/statistics.ts';

const PROVIDERS = ['public-security', 'market-regulation'];
const REQUESTERS = ['civil-affairs', 'statistics', 'government-office'];

let database: TestDatabase;
let cases: readonly PlayedCase[];
let accounts: Account[];

beforeAll(async () => {
  database = await platformDatabase();
  await storeStaff(database.knex);
  cases = Array.from({ length: 60 }, (_, n) =>
    playedCase(n, { requester: REQUESTERS[n % 3] ?? '', provider: PROVIDERS[n % 2] ?? '', steps: 12 + (n % 4) * 10 }),
  );
  for (const [n, one] of cases.entries()) await storePlayed(database.knex, one, { portion: 1 + (n % 7) });
  accounts = cases.flatMap(({ entries }) => accountOf(entries.map(({ event }) => event)));
}, 120_000);
afterAll(() => database.drop());

/** By linear interpolation between the two values nearest to it, as SQL has it. */
function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

const dayOf = (at: string): string => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10);

function counted({ from, to, stage, department }: HandlingFilter): object[] {
  const chosen = accounts.filter((visit) => {
    const isIn = visit.closedAt
      ? (from === undefined || dayOf(visit.closedAt) >= from) && (to === undefined || dayOf(visit.closedAt) <= to)
      : to === undefined || dayOf(visit.openedAt) <= to;
    return isIn && (stage ?? visit.stage) === visit.stage && (department ?? visit.department) === visit.department;
  });
  const keys = [...new Set(chosen.map((visit) => `${visit.department} ${visit.stage}`))].toSorted();
  return keys.map((key) => {
    const own = chosen.filter((visit) => `${visit.department} ${visit.stage}` === key);
    const done = own.filter(({ closedAt, answers }) => closedAt && answers.length > 0);
    const answeredOn = ({ answers }: Account): string =>
      dayOf(
        answers
          .map(({ at }) => at)
          .toSorted()
          .at(-1) ?? '',
      );
    const [department, stage] = key.split(' ');
    const hours = done.map((visit) => visit.hours / 24);
    return {
      department,
      stage,
      process: 'share-request',
      answers: own.reduce((sum, { answers }) => sum + answers.length, 0),
      handled: own.filter(({ answers }) => answers.length > 0).length,
      median: near(quantile(hours, 0.5)),
      p90: near(quantile(hours, 0.9)),
      overdue: own.filter(({ hasPassed }) => hasPassed).length,
      returned: own.reduce((sum, { returns }) => sum + returns, 0),
      limited: done.filter(({ dueOn }) => dueOn).length,
      onTime: done.filter((visit) => visit.dueOn && answeredOn(visit) <= visit.dueOn).length,
      promised: done.filter(({ promisedOn }) => promisedOn).length,
      onPromise: done.filter((visit) => visit.promisedOn && answeredOn(visit) <= visit.promisedOn).length,
      open: own.filter(({ closedAt }) => !closedAt).length,
      openOverdue: own.filter(({ closedAt, hasPassed }) => !closedAt && hasPassed).length,
    };
  });
}

function near(value: number | null): unknown {
  return value === null ? null : expect.closeTo(value, 6);
}

const FILTERS: readonly HandlingFilter[] = [
  {},
  { from: '2026-04-01', to: '2026-06-30' },
  { from: '2026-09-01' },
  { to: '2026-03-15', stage: 'provider-reviewer' },
  { department: 'public-security' },
  { department: 'transport', from: '2026-02-01', to: '2026-11-30' },
];

test('random cases show everything that is counted: late, returned, taken back, in time and not', () => {
  const sum = (pick: (visit: Account) => boolean): number => accounts.filter(pick).length;
  expect(sum(({ hasPassed }) => hasPassed)).toBeGreaterThan(10);
  expect(sum(({ returns }) => returns > 0)).toBeGreaterThan(10);
  expect(sum(({ closedAt }) => !closedAt)).toBeGreaterThan(10);
  expect(sum(({ closedAt, answers }) => closedAt !== undefined && answers.length === 0)).toBeGreaterThan(10);
});

test.each(FILTERS)('the handling figures of %o are those that a reader of the events would count', async (filter) => {
  expect(await handlingStatistics(database.knex, filter)).toEqual(counted(filter));
});

test('a process that is not run has no figures', async () => {
  expect(await handlingStatistics(database.knex, { process: 'no-such' })).toEqual([]);
  expect(await caseStatistics(database.knex, { process: 'no-such' })).toEqual({ byProcess: [], byDepartment: [] });
});

const SPANS = [{}, { from: '2026-03-01', to: '2026-08-31' }, { from: '2026-05-01', department: 'public-security' }];

test.each(SPANS)('the case figures of %o are those that a reader of the events would count', async (span) => {
  const from = 'from' in span ? span.from : '';
  const to = 'to' in span ? span.to : '9999';
  const isIn = (at: string | undefined): boolean => at !== undefined && dayOf(at) >= from && dayOf(at) <= to;
  const own = cases
    .map(({ state }) => state)
    .filter(({ provider }) => !('department' in span) || provider === span.department);
  const figures = (some: typeof own): object => {
    const over = some.filter(({ endedAt }) => isIn(endedAt));
    const lasted = over
      .filter(({ status }) => status !== 'withdrawn')
      .map(({ calendar, openedAt, endedAt = '' }) => hoursBetween(calendar, openedAt, endedAt) / 24);
    return expect.objectContaining({
      filed: some.filter(({ openedAt }) => isIn(openedAt)).length,
      running: some.filter(({ endedAt, openedAt }) => endedAt === undefined && dayOf(openedAt) <= to).length,
      completed: over.filter(({ status }) => status === 'completed').length,
      refused: over.filter(({ status }) => status === 'refused').length,
      withdrawn: over.filter(({ status }) => status === 'withdrawn').length,
      median: near(quantile(lasted, 0.5)),
    });
  };
  const { byProcess, byDepartment } = await caseStatistics(database.knex, span);
  expect(byProcess).toEqual([figures(own)]);
  const asked = byDepartment.filter(({ part }) => part === 'requester');
  const names = 'department' in span ? [] : REQUESTERS.toSorted();
  expect(asked.map(({ department }) => department)).toEqual(names);
  for (const row of asked) expect(row).toEqual(figures(own.filter(({ requester }) => requester === row.department)));
  for (const provider of 'department' in span ? [span.department] : PROVIDERS) {
    const row = byDepartment.find(({ department, part }) => department === provider && part === 'respondent');
    expect(row).toEqual(figures(own.filter((one) => one.provider === provider)));
  }
});

test('built again from the events, visits and durations are the same to the row', async () => {
  const rows = () =>
    Promise.all([
      database.knex('stage_visits').orderBy(['case_id', 'stage', 'activation', 'department_id']),
      database.knex('cases').orderBy('id').select('id', 'duration_ms'),
    ]);
  const before = await rows();
  expect(before[0].length).toBe(accounts.length);
  await rebuildProjection(database.knex);
  expect(await rows()).toEqual(before);
});
