import type { Calendar } from '../../domain/calendar.ts';
import { addWorkingDays } from '../../domain/calendar.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

test('a new version of the calendar reaches the running cases, which record every due date that moves', async () => {
  const filed = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  const { id, form } = filed.body;
  const body = { action: 'approve', seen: form.digest };
  await api.ask('civil-affairs.lead', 'POST', `/api/tasks/${id}.requester-lead.1/actions`, { body });
  const [before] = (await api.ask(REQUESTER, 'GET', `/api/cases/${id}`)).body.clocks;
  const { knex } = api.engine.platform;
  const { body: calendar } = await knex('calendars').orderBy('version', 'desc').first<{ body: Calendar }>('body');
  // The day on which it was due is a holiday now.
  const version = calendar.version + 1;
  const holidays = [...calendar.holidays, before.dueOn].toSorted((a, b) => (a < b ? -1 : 1));
  const changed = { ...calendar, version, holidays };
  await knex('calendars').insert({ version, source: 'test', body: JSON.stringify(changed), awaits_rollout: true });
  const [after] = await until(async () => {
    const { clocks } = (await api.ask(REQUESTER, 'GET', `/api/cases/${id}`)).body;
    return clocks[0].calendarVersion === version && clocks;
  });
  expect(after).toMatchObject({
    startedOn: before.startedOn,
    rawDueOn: before.rawDueOn,
    dueOn: addWorkingDays(changed, before.startedOn, before.legal),
  });
  expect(after.dueOn > before.dueOn).toBe(true);
  const { body: events } = await api.ask('auditor', 'GET', `/api/cases/${id}/events`);
  const types = events.items.map(({ event }: { event: { type: string } }) => event.type);
  expect(types.slice(-2)).toEqual(['calendarChanged', 'clockMoved']);
  const replay = await api.ask('auditor', 'POST', `/api/cases/${id}/replay`, { body: {} });
  expect(replay.body.verdict).toBe('agrees');
});
