import fc from 'fast-check';
import { MASK_RULES } from '../../domain/catalogue.ts';
import { mask, MASK_SHAPES, masksAtLeast } from '../../domain/masking.ts';
import { inspect } from 'node:util';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { MASKING_VECTORS, PSEUDONYMS } from './masking-vectors.ts';

describe('masking', () => {
  it.each(MASKING_VECTORS)('by the rule %s makes of %j %j', (rule, value, expected) => {
    expect(mask(rule, value, PSEUDONYMS.of)).toBe(expected);
  });

  it('covers every rule with vectors of nothing, of characters beyond the first plane, full-width and combining, and keeps NULL as NULL', () => {
    for (const rule of MASK_RULES) {
      const values = MASKING_VECTORS.filter(([of]) => of === rule).map(([, value]) => value);
      expect(values).toEqual(expect.arrayContaining([null, '']));
      for (const kind of [/[\u{10000}-\u{10ffff}]/u, /[\uff01-\uff5e]/u, /\p{M}/u]) {
        expect([rule, kind, values.some((value) => value !== null && kind.test(value))]).toEqual([rule, kind, true]);
      }
    }
    for (const rule of MASK_RULES) expect(mask(rule, null, PSEUDONYMS.of)).toBeNull();
  });

  it('never shows a whole value that is too short for its rule', () => {
    for (const rule of MASK_RULES) {
      const shape = MASK_SHAPES[rule];
      if (shape.kind !== 'edges') continue;
      expect(shape.min - shape.head - shape.tail).toBeGreaterThanOrEqual(3);
      fc.assert(
        fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: shape.min - 1 }), (value) => {
          expect(mask(rule, value, PSEUDONYMS.of)).toMatch(/^\*+$/);
        }),
      );
    }
  });

  it('may be stricter than the least rule of an item, never looser or other', () => {
    expect(masksAtLeast('none', 'none')).toBe(true);
    expect(masksAtLeast('name', 'none')).toBe(true);
    expect(masksAtLeast('id-card', 'id-card')).toBe(true);
    expect(masksAtLeast('whole', 'id-card')).toBe(true);
    expect(masksAtLeast('none', 'id-card')).toBe(false);
    expect(masksAtLeast('mobile', 'id-card')).toBe(false);
    expect(masksAtLeast('pseudonym', 'none')).toBe(true);
    expect(masksAtLeast('pseudonym', 'pseudonym')).toBe(true);
    expect(masksAtLeast('whole', 'pseudonym')).toBe(true);
  });

  it('does not take a pseudonym for a mask that shows a part, nor the other way round', () => {
    const others = MASK_RULES.filter((rule) => rule !== 'pseudonym');
    expect(others.filter((least) => masksAtLeast('pseudonym', least))).toEqual(['none']);
    expect(others.filter((rule) => masksAtLeast(rule, 'pseudonym'))).toEqual(['whole']);
  });
});

describe('the pseudonyms of a grant', () => {
  const secret = Buffer.alloc(32, 1);

  it('are the same for the same value every time, and others for every other value, grant and secret', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (value, other) => {
        const { of } = pseudonymsOf(secret, 'grant-1');
        expect(of(value)).toMatch(/^[0-9a-f]{32}$/);
        expect(pseudonymsOf(secret, 'grant-1').of(value)).toBe(of(value));
        expect(pseudonymsOf(secret, 'grant-2').of(value)).not.toBe(of(value));
        expect(pseudonymsOf(Buffer.alloc(32, 2), 'grant-1').of(value)).not.toBe(of(value));
        expect(of(other) === of(value)).toBe(other.toWellFormed() === value.toWellFormed());
      }),
    );
  });

  it('do not show their salt where they are printed or stored', () => {
    const pseudonyms = pseudonymsOf(secret, 'grant-1');
    const shown = inspect(pseudonyms, { depth: 9, showHidden: true }) + JSON.stringify({ pseudonyms });
    for (const setting of Object.values(pseudonyms.settings())) expect(shown).not.toContain(setting);
  });

  it('are not made without a grant', () => {
    expect(() => mask('pseudonym' as 'whole', '1')).toThrow('salt');
  });
});
