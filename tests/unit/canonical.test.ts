import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson } from '../../domain/canonical.ts';
import { digestOf, sha256Hex } from '../../domain/digest.ts';

describe('the canonical form of a value', () => {
  it('does not depend on the order in which members were written', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'] })).toBe('{"a":[true,null,"x"],"b":1}');
    expect(canonicalJson({ a: [true, null, 'x'], b: 1 })).toBe('{"a":[true,null,"x"],"b":1}');
  });

  it('orders names by UTF-16 code units and writes numbers as RFC 8785 does', () => {
    const sample = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(canonicalJson(sample)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
    expect(canonicalJson([Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
  });

  it('leaves out members without a value and refuses what JSON cannot carry', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
    for (const bad of [Number.NaN, Infinity, 1n, undefined, [undefined], '\ud800', { '\udc00': 1 }]) {
      expect(() => canonicalJson(bad)).toThrow(TypeError);
    }
  });

  it('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const value: unknown = JSON.parse(json);
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('the digest of a value', () => {
  it('is SHA-256 over UTF-8, as node:crypto computes it, at every length of padding', () => {
    const reference = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');
    for (let n = 0; n < 200; n++) expect(sha256Hex('a'.repeat(n))).toBe(reference('a'.repeat(n)));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(sha256Hex(text)).toBe(reference(text));
      }),
    );
    expect(digestOf({ 信息项: ['姓名'] })).toBe(reference('{"信息项":["姓名"]}'));
  });
});
