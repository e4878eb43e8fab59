import type { SoundDraft } from '../../domain/catalogue-draft.ts';
import { carryOut, type Publication } from '../../store/publication.ts';
import { findEntry } from '../../store/catalogue.ts';
import { changesAfter } from '../../store/catalogue-changes.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { departments } from '../../seed/departments.ts';
import { insertDepartments, insertEntry } from '../../store/seeding.ts';
import { entryBody } from '../support/drafts.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';

let platform: TestDatabase;

beforeAll(async () => {
  platform = await platformDatabase();
  await platform.knex.transaction(async (trx) => {
    await insertDepartments(trx, departments);
    for (const entry of catalogue) await insertEntry(trx, entry);
  });
}, 120_000);
afterAll(() => platform.drop());

function publication(nth: string, base = '法人'): Publication {
  const body = entryBody({
    provider: 'public-security',
    classification: { base, theme: '旅游' },
  }) as unknown as SoundDraft;
  const draft = { id: '00000000-0000-4000-8000-000000000000', body };
  return {
    caseId: `case-${nth}`,
    entryId: `e-${nth}`,
    kind: 'publish',
    by: 'data-bureau.authority',
    at: '2026-12-01T09:00:00+08:00',
    draft,
  };
}

test('fifty publications at once: no code is given twice, and none is left out', async () => {
  const all = Array.from({ length: 50 }, (_, nth) => publication(`many-${nth}`, '人口'));
  await Promise.all(all.map((one) => carryOut(platform.knex, one)));
  const entries = await Promise.all(all.map(({ entryId }) => findEntry(platform.knex, entryId)));
  const codes = entries.flatMap((entry) => (entry?.codes ?? []).map(({ code }) => code));
  expect(codes).toHaveLength(150);
  expect(new Set(codes).size).toBe(150);
  const sequences = entries.map((entry) => Number(entry?.code.split('/')[1])).toSorted((one, other) => one - other);
  // The seeded entry of this classification has the first.
  expect(sequences).toEqual(Array.from({ length: 50 }, (_, nth) => nth + 2));
});

test('the order of changes begins with what a first start brought in, has no gaps, and tells versions by their digests', async () => {
  const changes = await changesAfter(platform.knex, 0, 1_000);
  expect(changes.map(({ position }) => position)).toEqual(changes.map((_, index) => index + 1));
  expect(
    changes
      .slice(0, catalogue.length)
      .map(({ entryId }) => entryId)
      .toSorted(),
  ).toEqual(catalogue.map(({ id }) => id).toSorted());
  expect(new Set(changes.map(({ digest }) => digest)).size).toBe(changes.length);
  const [last] = await changesAfter(platform.knex, changes.length - 1, 10);
  expect(last).toMatchObject({ kind: 'publish', status: 'published', version: 1, reason: null });
  expect(last?.digest).toMatch(/^[0-9a-f]{64}$/);
});

test('a publication that is carried out again, also at the same time, changes nothing', async () => {
  const one = publication('again');
  await Promise.all([carryOut(platform.knex, one), carryOut(platform.knex, one)]);
  await carryOut(platform.knex, one);
  const rows = await platform.knex('catalogue_entries').where({ id: one.entryId });
  expect(rows).toMatchObject([{ version: 1, current: true }]);
});

test('what was withdrawn stays so when a change that was under way is published', async () => {
  const one = publication('gone');
  await carryOut(platform.knex, one);
  const { draft: _, ...rest } = one;
  await carryOut(platform.knex, { ...rest, caseId: 'case-gone-2', kind: 'withdraw', reason: '职责调整' });
  await carryOut(platform.knex, { ...one, caseId: 'case-gone-3', kind: 'change' });
  expect(await findEntry(platform.knex, one.entryId)).toMatchObject({
    version: 2,
    status: 'withdrawn',
    statusReason: '职责调整',
  });
  const changes = await changesAfter(platform.knex, 0, 1_000);
  expect(changes.filter(({ entryId }) => entryId === one.entryId)).toMatchObject([
    { kind: 'publish', version: 1, status: 'published' },
    { kind: 'withdraw', version: 1, status: 'withdrawn', reason: '职责调整' },
    { kind: 'change', version: 2, status: 'withdrawn' },
  ]);
});
