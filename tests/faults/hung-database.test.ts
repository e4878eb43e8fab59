import { setTimeout as sleep } from 'node:timers/promises';
import { caseBooks } from '../support/books.ts';
import { freeze } from '../support/freeze.ts';
import { createIntegrator } from '../support/integrator.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { file, personsAsk } from '../support/request-play.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await startPlatform();
}, 120_000);
afterAll(() => platform.remove(), 60_000);

test('PostgreSQL hangs for longer than it is waited for: whoever asks is told so within seconds, and nothing is lost or doubled', async () => {
  const patient = createIntegrator({ url: () => platform.url, dataDir: platform.dataDir, patienceMs: 22_000 });
  await patient.get('civil-affairs.requester', '/api/me');
  const before = await caseBooks(platform.state());
  const filings = Array.from({ length: 12 }, async (_, nth) => {
    await sleep(nth * 50);
    return file(patient, personsAsk('王'));
  });
  await sleep(300);
  const { postgres } = platform.state().pids;
  if (postgres === undefined) throw new Error('PostgreSQL is not running');
  const thaw = freeze(postgres);
  await sleep(26_000);
  const told = { ...patient.met };
  thaw();
  const filed = await Promise.all(filings);
  // Some of them were under way when it began, the others found a pool whose connections all hang.
  expect((told['503'] ?? 0) + (told['202'] ?? 0)).toBeGreaterThanOrEqual(6);
  expect(Object.keys(told).filter((one) => one !== '503' && one !== '202')).toEqual([]);
  expect(patient.faults).toEqual([]);
  const fresh = (await caseBooks(platform.state())).slice(before.length);
  expect(fresh.map(({ caseId }) => caseId).toSorted()).toEqual(filed.toSorted());
  expect(fresh.map(({ events }) => events['filed'])).toEqual(filed.map(() => 1));
}, 180_000);
