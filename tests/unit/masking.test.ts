import fc from 'fast-check';
import { MASK_RULES } from '../../domain/catalogue.ts';
import { mask, MASK_SHAPES, masksAtLeast } from '../../domain/masking.ts';
import { MASKING_VECTORS } from './masking-vectors.ts';

describe('masking', () => {
  it.each(MASKING_VECTORS)('by the rule %s makes of %j %j', (rule, value, expected) => {
    expect(mask(rule, value)).toBe(expected);
  });

  it('covers every rule with a vector and keeps NULL as NULL', () => {
    expect(new Set(MASKING_VECTORS.map(([rule]) => rule))).toEqual(new Set(MASK_RULES));
    for (const rule of MASK_RULES) expect(mask(rule, null)).toBeNull();
  });

  it('never shows a whole value that is too short for its rule', () => {
    for (const rule of MASK_RULES) {
      const shape = MASK_SHAPES[rule];
      if (shape.kind !== 'edges') continue;
      expect(shape.min - shape.head - shape.tail).toBeGreaterThanOrEqual(3);
      fc.assert(
        fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: shape.min - 1 }), (value) => {
          expect(mask(rule, value)).toMatch(/^\*+$/);
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
  });
});
