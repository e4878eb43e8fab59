import { beyondForm, beyondGrant, firstApart, signedIn, signedOtherwise } from '../../domain/audit-chain.ts';
import type { CaseEvent } from '../../domain/case.ts';
import type { Grant, Manifest } from '../../domain/grant.ts';
import type { Entry } from '../../domain/journal.ts';
import { form } from '../support/cases.ts';
import { playedCase } from '../support/played-cases.ts';

const played = Array.from({ length: 150 }, (_, seed) => playedCase(seed).entries);

test('whatever way a case went, what stands signed was given to what the form says now', () => {
  const signed = played.flatMap(signedIn);
  expect(signed.filter(({ grantId }) => grantId !== undefined).length).toBeGreaterThan(5);
  expect(signed.reduce((sum, { signatures }) => sum + signatures.length, 0)).toBeGreaterThan(50);
  expect(signed.flatMap(signedOtherwise)).toEqual([]);
  const all = signed.flatMap(({ signatures }) => signatures);
  expect(all.filter(({ actor, contributors }) => contributors.includes(actor))).toEqual([]);
});

test('a signature that was given to another form is named with its event and both values', () => {
  const found = played.flatMap((entries) => {
    const [signature] = signedIn(entries).at(-1)?.signatures ?? [];
    if (!signature) return [];
    const altered = entries.map((entry): Entry<CaseEvent> =>
      entry.seq === signature.seq && entry.event.type === 'answered'
        ? { ...entry, event: { ...entry.event, form: 'another' } }
        : entry,
    );
    return signedIn(altered)
      .flatMap(signedOtherwise)
      .map(({ seq, field, found: value }) => ({ isRight: seq === signature.seq, field, value }));
  });
  expect(found.length).toBeGreaterThan(20);
  for (const one of found) expect(one).toEqual({ isRight: true, field: 'form', value: 'another' });
});

test('a grant is held against the form, and a manifest against the grant', () => {
  const { entryId, entryVersion, items, masks, rowScope, mode, purpose, period } = form();
  const grant: Grant = {
    id: 'c.grant',
    caseId: 'c',
    requester: 'civil-affairs',
    provider: 'public-security',
    ...{ entryId, entryVersion, items, masks, rowScope, mode, purpose },
    validFrom: period.from,
    validTo: period.to,
  };
  expect(beyondForm(grant, form())).toEqual([]);
  expect(beyondForm({ ...grant, validTo: '2099-12-31' }, form())).toEqual([
    { field: 'validTo', expected: '2027-10-31', found: '2099-12-31' },
  ]);
  const manifest = {
    deliveryId: 'd',
    ...{ entryId, entryVersion, items, masks, rowScope },
    startedAt: '2026-11-26T02:00:00.000+08:00',
  } as unknown as Manifest;
  expect(beyondGrant(manifest, grant)).toEqual([]);
  const fields = (changes: object) => beyondGrant({ ...manifest, ...changes }, grant).map(({ field }) => field);
  expect(fields({ items: [...items, 'birth_date'] })).toEqual(['items']);
  expect(fields({ masks: {} })).toEqual(['masks']);
  // Midnight in Asia/Shanghai is the day before in UTC.
  expect(fields({ startedAt: '2026-10-31T15:59:59.000Z' })).toEqual(['period']);
  expect(fields({ startedAt: '2026-10-31T16:00:00.000Z' })).toEqual([]);
});

test('of two values the first place is named in which they differ', () => {
  expect(firstApart({ a: { b: [1, 2] } }, { a: { b: [1, 3] } })).toEqual({ field: 'a.b.1', expected: '2', found: '3' });
  expect(firstApart({ a: 1 }, { a: 1 })).toBeUndefined();
  expect(firstApart({ a: 1 }, { a: 1, c: 'x' })).toEqual({ field: 'c', expected: 'null', found: 'x' });
});
