import fc from 'fast-check';
import { seal, SealError, unseal } from '../../store/sealed.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const text = fc.string({ unit: 'grapheme' });

test('what was sealed is opened by the same key, and never looks the same twice', () => {
  fc.assert(
    fc.property(key, text, (secret, words) => {
      const sealed = seal(secret, words);
      return unseal(secret, sealed) === words && !sealed.equals(seal(secret, words));
    }),
  );
});

test('another key opens nothing', () => {
  fc.assert(
    fc.property(key, key, text, (right, wrong, words) => {
      fc.pre(Buffer.compare(right, wrong) !== 0);
      expect(() => unseal(wrong, seal(right, words))).toThrow(SealError);
    }),
  );
});

test('one altered or missing byte is noticed', () => {
  fc.assert(
    fc.property(key, text, fc.nat(), fc.integer({ min: 1, max: 255 }), (secret, words, place, by) => {
      const sealed = seal(secret, words);
      const at = place % sealed.length;
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(at) ^ by, at);
      expect(() => unseal(secret, altered)).toThrow(SealError);
      expect(() => unseal(secret, sealed.subarray(0, at))).toThrow(SealError);
    }),
  );
});
