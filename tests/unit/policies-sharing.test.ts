import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { projectRoot } from '../../config.ts';
import type { Entry } from '../../domain/catalogue.ts';
import type { Grant } from '../../domain/grant.ts';
import type { ShareMode, ShareType } from '../../domain/language.ts';
import { type SharingAsk, type SharingLine, sharingAskOf, sharingLinesOf, undermasked } from '../../domain/sharing.ts';
import { loadPolicies, type Policies } from '../../policies/policy.ts';

const FOLDER = join(projectRoot, 'policies');
let policies: Policies;
beforeAll(async () => {
  policies = await loadPolicies(FOLDER);
});

const GRANT: Grant = {
  id: 'g1',
  caseId: 'case-1',
  requester: 'civil-affairs',
  provider: 'public-security',
  entryId: 'ps-persons',
  entryVersion: 2,
  items: ['name', 'id_card'],
  masks: { name: 'none', id_card: 'id-card' },
  rowScope: { all: [{ item: 'district', operator: 'eq', value: '210102' }] },
  mode: 'batch',
  purpose: '高龄津贴核验',
  validFrom: '2026-03-01',
  validTo: '2026-08-31',
};
const item = (id: string, mask: Entry['items'][number]['mask']): Entry['items'][number] => ({
  id,
  name: id,
  nameEn: id,
  type: 'C',
  grade: 3,
  personal: true,
  mask,
});
const ENTRY: Entry = {
  id: 'ps-persons',
  version: 2,
  code: '301/1',
  name: '人口基本信息',
  nameEn: 'Persons',
  summary: '',
  provider: 'public-security',
  classification: {},
  format: '3',
  updateCycle: 'daily',
  shareType: 'conditional',
  shareModes: ['batch'],
  items: [item('name', 'none'), item('id_card', 'id-card'), item('district', 'none')],
  key: ['id_card'],
  mount: { sourceId: 'public-security-main', schema: 'public', table: 'persons' },
  provenance: 'synthetic',
  publishedAt: '2026-01-01T00:00:00+08:00',
};
const ASK = sharingAskOf(GRANT, ENTRY, '2026-05-01');
const LINES = sharingLinesOf(GRANT);

describe('which data may go where', () => {
  it('is as the truth table says, line by line', async () => {
    const rows = (await readFile(join(FOLDER, 'sharing.truth.csv'), 'utf8')).split('\n').map((row) => row.split(', '));
    const lines = rows.filter(([kind]) => kind === 'line').map(lineOf);
    const wrong = rows
      .filter(([kind]) => kind === 'ask')
      .map((row) => ({ row, verdict: policies.mayShare(lines, askOf(row)) }))
      .filter(({ row, verdict }) => row[13] !== (verdict.allowed ? 'yes' : 'no') || row[14] !== verdict.why);
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(25);
  });

  it('answers with the line that decided and the version that it was asked of', () => {
    expect(policies.mayShare(LINES, ASK)).toEqual({
      allowed: true,
      line: 'g1/1',
      why: 'Allowed',
      version: policies.version,
    });
    const withheld: SharingAsk = { ...ASK, shareType: 'withheld' };
    expect(policies.mayShare(LINES, withheld)).toMatchObject({ allowed: false, line: 'base/withheld', why: 'Denied' });
  });

  it('is nothing without a line, and one question leaves no line behind for the next', () => {
    expect(policies.mayShare(LINES, ASK).allowed).toBe(true);
    expect(policies.mayShare([], ASK)).toMatchObject({ allowed: false, why: 'NoLine' });
  });

  it('is refused when any one term is wider than or other than the line', () => {
    const wider = fc.oneof(
      fc.array(fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/), { minLength: 1, maxLength: 3 }).map((more) => ({
        items: [...GRANT.items, ...more.map((id) => `x${id}`)],
      })),
      fc.integer({ min: 3, max: 99 }).map((entryVersion) => ({ entryVersion })),
      fc.constantFrom<ShareMode>('service', 'file').map((mode) => ({ mode })),
      fc.constantFrom('transport', 'statistics', '*').map((department) => ({ department })),
      fc
        .constantFrom('masksDigest', 'scopeDigest', 'purposeDigest', 'rateDigest', 'grantId', 'entryId')
        .chain((term) => fc.oneof(fc.string(), fc.constant('*')).map((value) => ({ [term]: `${value}.` }))),
      fc.constantFrom('2026-02-28', '2026-09-01', '2027-05-01', '').map((on) => ({ on })),
    );
    fc.assert(
      fc.property(wider, (change) => {
        expect(policies.mayShare(LINES, { ...ASK, ...change }).allowed).toBe(false);
      }),
    );
  });

  it('is allowed for any part of the granted items, and denied when a deny meets one of them', () => {
    fc.assert(
      fc.property(
        fc.subarray([...GRANT.items], { minLength: 1 }),
        fc.constantFrom(...GRANT.items),
        (items, stopped) => {
          const deny: SharingLine = { ...(LINES[0] as SharingLine), id: 'stop', effect: 'deny', items: [stopped] };
          expect(policies.mayShare(LINES, { ...ASK, items }).allowed).toBe(true);
          expect(policies.mayShare([...LINES, deny], { ...ASK, items }).allowed).toBe(!items.includes(stopped));
        },
      ),
    );
  });
});

describe('a grant', () => {
  it('that masks an item less than the entry allows is found out', () => {
    expect(undermasked(GRANT, ENTRY)).toEqual([]);
    expect(undermasked({ ...GRANT, masks: { id_card: 'none' } }, ENTRY)).toEqual(['id_card']);
    expect(undermasked({ ...GRANT, masks: {} }, ENTRY)).toEqual([]);
    expect(undermasked({ ...GRANT, masks: { id_card: 'whole', name: 'name' } }, ENTRY)).toEqual([]);
  });

  it('gives a line whose digests do not depend on the order of members', () => {
    const other: Grant = { ...GRANT, masks: { id_card: 'id-card', name: 'none' } };
    expect(sharingLinesOf(other)).toEqual(LINES);
  });
});

function lineOf(row: readonly string[]): SharingLine {
  const [, id = '', department = '', entryId = '', version, items = '', masksDigest = '', scopeDigest = ''] = row;
  const [mode, purposeDigest = '', rateDigest = '', grantId = '', validFrom = '', validTo = '', effect] = row.slice(8);
  return {
    id,
    caseId: 'case',
    department,
    entryId,
    entryVersion: Number(version),
    items: items.split(' '),
    masksDigest,
    scopeDigest,
    mode: mode as ShareMode,
    purposeDigest,
    rateDigest,
    grantId,
    validFrom,
    validTo,
    effect: effect as 'allow' | 'deny',
  };
}

function askOf(row: readonly string[]): SharingAsk {
  const [, department = '', entryId = '', version, items = '', masksDigest = '', scopeDigest = '', mode] = row;
  const [purposeDigest = '', rateDigest = '', grantId = '', shareType, on = ''] = row.slice(8);
  return {
    department,
    entryId,
    entryVersion: Number(version),
    items: items.split(' '),
    masksDigest,
    scopeDigest,
    on,
    mode: mode as ShareMode,
    purposeDigest,
    rateDigest,
    grantId,
    shareType: shareType as ShareType,
  };
}
