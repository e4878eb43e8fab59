import fc from 'fast-check';
import { digestOf } from '../../domain/digest.ts';
import type { Manifest } from '../../domain/grant.ts';
import { checkChain, type KeptManifest } from '../../domain/manifest-chain.ts';
import { GRANT } from '../support/transfer.ts';

/** As many deliveries as asked for, the first of them from before manifests were chained. */
function chainOf({ chained, before = 0 }: { chained: number; before?: number }): KeptManifest[] {
  const kept: KeptManifest[] = [];
  for (let n = 1; n <= before + chained; n++) {
    const previous = kept.at(-1)?.digest ?? digestOf(GRANT);
    const manifest = manifestOf(n, n > before ? { previous } : {});
    kept.push({ deliveryId: manifest.deliveryId, manifest, digest: digestOf(manifest) });
  }
  return kept;
}

function manifestOf(n: number, more: Pick<Manifest, 'previous'>): Manifest {
  return {
    deliveryId: `grant-1.${n}`,
    grantId: GRANT.id,
    caseId: GRANT.caseId,
    entryId: GRANT.entryId,
    entryVersion: GRANT.entryVersion,
    items: GRANT.items,
    rowScope: GRANT.rowScope,
    masks: GRANT.masks,
    rows: n,
    bytes: n,
    sha256: String(n),
    policyVersion: 'v1',
    policyLine: 'grant-1/1',
    source: { sourceId: 'a', schema: 'public', table: 'persons' },
    target: { sourceId: 'b', schema: 'received', table: 'persons' },
    ...more,
    startedAt: '2026-05-01T04:00:00.000Z',
    endedAt: '2026-05-01T04:00:00.000Z',
  };
}

const lengths = fc.integer({ min: 2, max: 12 }).chain((length) => fc.tuple(fc.constant(length), fc.nat(length - 1)));

describe('the chain of the manifests of a grant', () => {
  it('is whole where each holds the digest of the one before it, and the first that of the grant', () => {
    expect(checkChain(GRANT, chainOf({ chained: 1 }))).toEqual({ verdict: 'whole', length: 1 });
    expect(checkChain(GRANT, chainOf({ chained: 9 }))).toEqual({ verdict: 'whole', length: 9 });
    expect(checkChain({ ...GRANT, purpose: '其他用途' }, chainOf({ chained: 2 }))).toMatchObject({
      verdict: 'broken',
      at: 1,
      why: 'before',
    });
  });

  it('begins after deliveries from before it, which are not chained themselves', () => {
    expect(checkChain(GRANT, chainOf({ chained: 0, before: 3 }))).toEqual({ verdict: 'not-chained', length: 3 });
    expect(checkChain(GRANT, chainOf({ chained: 2, before: 3 }))).toEqual({ verdict: 'whole', length: 5 });
    const altered = chainOf({ chained: 2, before: 3 }).filter((_, place) => place !== 2);
    expect(checkChain(GRANT, altered)).toMatchObject({ verdict: 'broken', at: 3, why: 'before' });
  });

  it('is broken by one that is altered, at that one; and, with a new digest noted for it, at the next', () => {
    fc.assert(
      fc.property(lengths, ([length, place]) => {
        const kept = chainOf({ chained: length });
        const manifest = { ...manifestOf(place + 1, { previous: kept[place]?.manifest?.previous ?? '' }), rows: 99 };
        const at = place + 1;
        const altered = kept.map((one, index) => (index === place ? { ...one, manifest } : one));
        expect(checkChain(GRANT, altered)).toMatchObject({ verdict: 'broken', at, why: 'altered' });
        const covered = altered.map((one, index) => (index === place ? { ...one, digest: digestOf(manifest) } : one));
        // The last one has none after it: its digest is held against the target's list and the grant's own events.
        expect(checkChain(GRANT, covered)).toMatchObject(
          at === length ? { verdict: 'whole' } : { verdict: 'broken', at: at + 1, why: 'before' },
        );
      }),
    );
  });

  it('is broken by a gap, by one that is missing, and by two that have changed places', () => {
    fc.assert(
      fc.property(lengths, ([length, place]) => {
        const kept = chainOf({ chained: length });
        const gap = kept.filter((_, index) => index !== place);
        expect(checkChain(GRANT, gap).verdict).toBe(place === length - 1 ? 'whole' : 'broken');
        const emptied = kept.map((one, index) => (index === place ? { ...one, manifest: null } : one));
        expect(checkChain(GRANT, emptied)).toMatchObject({ verdict: 'broken', at: place + 1, why: 'missing' });
        const moved = [...kept.slice(1), ...kept.slice(0, 1)];
        expect(checkChain(GRANT, moved)).toMatchObject({ verdict: 'broken', at: 1, why: 'before' });
      }),
    );
  });

  it('is broken by one that lost its link, whatever digest was noted for it', () => {
    const kept = chainOf({ chained: 3 });
    const bare = manifestOf(2, {});
    const cut = kept.map((one, place) => (place === 1 ? { ...one, manifest: bare, digest: digestOf(bare) } : one));
    expect(checkChain(GRANT, cut)).toMatchObject({ verdict: 'broken', at: 2, deliveryId: 'grant-1.2', why: 'before' });
  });
});
