import {
  FINDING_CODES,
  type Finding,
  type Findings,
  verificationOf,
  type VerificationVerdict,
} from '../../domain/delivery-verification.ts';
import { findingSentence } from '../../domain/delivery-verification-text.ts';
import type { FileManifest, Manifest, ServiceManifest } from '../../domain/grant.ts';

const MANIFEST = {
  deliveryId: 'grant-1.3',
  rows: 7,
  bytes: 70,
  sha256: 'a',
  target: { sourceId: 'b', schema: 'received', table: 'persons' },
} as Manifest;

const AS_FILE = {
  deliveryId: 'grant-1.3',
  rows: 7,
  bytes: 70,
  sha256: 'a',
  file: { name: 'persons.csv', bytes: 80, sha256: 'b' },
} as FileManifest;

const AS_SERVICE = { deliveryId: 'grant-1.3', rows: 0, service: { id: 'persons', keyId: 'k' } } as ServiceManifest;

const measured = { rows: 7, bytes: 70, sha256: 'a' };
const GOOD: Findings = {
  content: { verdict: 'matches', ...measured },
  listing: 'same',
  chain: { verdict: 'whole', length: 3 },
  isSuccessorKnown: true,
};
const differs = (rows: number): Findings['content'] => ({ verdict: 'differs', ...measured, rows, sha256: 'b' });
const broken = (why: 'altered' | 'missing' | 'before'): Findings['chain'] => ({
  verdict: 'broken',
  at: 2,
  deliveryId: 'grant-1.2',
  why,
});

const CASES: readonly (readonly [Partial<Findings>, VerificationVerdict, readonly Finding['code'][]])[] = [
  [{}, 'matches', []],
  [{ content: differs(9) }, 'differs', ['RowsMore']],
  [{ content: differs(5) }, 'differs', ['RowsFewer']],
  [{ content: differs(7) }, 'differs', ['ContentDiffers']],
  [{ content: { verdict: 'missing' } }, 'differs', ['TableMissing']],
  [{ content: { verdict: 'unread', code: 'TargetDown' }, listing: 'unread' }, 'unread', ['TargetUnread']],
  [
    { content: { verdict: 'unread', code: 'TargetDown' }, listing: 'unread', chain: broken('altered') },
    'differs',
    ['TargetUnread', 'ManifestAltered'],
  ],
  [{ listing: 'altered' }, 'differs', ['ListingAltered']],
  [{ listing: 'absent' }, 'differs', ['ListingAbsent']],
  [{ content: { verdict: 'superseded', by: 'grant-1.4' } }, 'superseded', ['Superseded']],
  [{ content: { verdict: 'superseded', by: 'x' }, isSuccessorKnown: false }, 'differs', ['SuccessorUnknown']],
  [
    { content: { verdict: 'superseded', by: 'grant-1.4' }, chain: broken('before') },
    'differs',
    ['Superseded', 'ChainBroken'],
  ],
  [{ chain: broken('missing') }, 'differs', ['ManifestMissing']],
  [{ chain: { verdict: 'not-chained', length: 3 } }, 'matches', ['NotChained']],
  [{ content: { verdict: 'elsewhere' }, listing: 'unread' }, 'unread', ['FileGone']],
];

describe('the verification of a delivery', () => {
  it.each(CASES)('that found %j is %s', (changes, verdict, codes) => {
    const manifest = changes.content?.verdict === 'elsewhere' ? AS_FILE : MANIFEST;
    const verification = verificationOf(manifest, { ...GOOD, ...changes });
    expect(verification).toMatchObject({ deliveryId: 'grant-1.3', verdict });
    expect(verification.found.map(({ code }) => code)).toEqual(codes);
    for (const finding of verification.found) {
      expect(findingSentence(finding, 'zh')).toMatch(/^[\u4e00-\u9fff][^{]*。$/u);
      expect(findingSentence(finding, 'en')).toMatch(/^[A-Z][^{]*\.$/u);
    }
  });

  it.each([
    ['matches', []],
    ['differs', ['FileDiffers']],
  ] as const)('of a file that %s', (verdict, codes) => {
    const { bytes, sha256 } = AS_FILE.file;
    const verification = verificationOf(AS_FILE, { ...GOOD, content: { verdict, bytes: bytes + 1, sha256 } });
    expect(verification).toMatchObject({ verdict, found: codes.map((code) => ({ code })) });
    for (const finding of verification.found) {
      expect(findingSentence(finding, 'en')).toContain(`${bytes} bytes by the manifest, ${bytes + 1} now`);
    }
  });

  it('that opened a service has nothing to be held against', () => {
    const verification = verificationOf(AS_SERVICE, {
      ...GOOD,
      content: { verdict: 'elsewhere' },
      listing: 'unread',
    });
    expect(verification).toMatchObject({ verdict: 'unread', found: [{ code: 'ServiceOpened' }] });
    expect(findingSentence(verification.found[0] as Finding, 'en')).toContain('the service persons');
  });

  it('has met every finding above', () => {
    expect(new Set([...CASES.flatMap(([, , codes]) => codes), 'ServiceOpened', 'FileDiffers'])).toEqual(
      new Set(FINDING_CODES),
    );
  });
});
