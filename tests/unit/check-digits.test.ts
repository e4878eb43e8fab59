import fc from 'fast-check';
import {
  CREDIT_CODE_ALPHABET,
  creditCode,
  creditCodeCheck,
  idCardCheck,
  isCreditCode,
  isIdCard,
  organisationCheck,
} from '../../domain/check-digits.ts';
import { dateOfDayNumber, dayNumber } from '../../domain/civil-date.ts';

const birthDate = fc
  .integer({ min: dayNumber('1900-01-01'), max: dayNumber('2026-12-31') })
  .map((day) => dateOfDayNumber(day).replaceAll('-', ''));
const idCard = fc
  .tuple(fc.integer({ min: 110_000, max: 659_999 }), birthDate, fc.integer({ min: 0, max: 999 }))
  .map(([region, date, order]) => `${region}${date}${String(order).padStart(3, '0')}`)
  .map((first17) => first17 + idCardCheck(first17));
const organisation = fc.string({
  unit: fc.constantFrom(...Array.from(CREDIT_CODE_ALPHABET)),
  minLength: 8,
  maxLength: 8,
});
const companyCode = fc
  .tuple(fc.constantFrom('210102', '210181', '110000'), organisation)
  .map(([region, body]) => creditCode('91', region, body));

describe('identity numbers (GB 11643)', () => {
  test.each(['11010519491231002X', '440524188001010014'])('the example %s of the standard is accepted', (number) => {
    expect(isIdCard(number)).toBe(true);
  });

  test('every number with the computed check character is accepted', () => {
    fc.assert(fc.property(idCard, (number) => isIdCard(number)));
  });

  test('one wrong digit is always noticed', () => {
    const slip = fc.tuple(idCard, fc.nat(16), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(slip, ([number, at, by]) => {
        const digit = (Number(number.charAt(at)) + by) % 10;
        return !isIdCard(number.slice(0, at) + digit + number.slice(at + 1));
      }),
    );
  });

  test('two neighbouring digits that changed places are always noticed', () => {
    fc.assert(
      fc.property(idCard, fc.nat(15), (number, at) => {
        const swapped = number.slice(0, at) + number.charAt(at + 1) + number.charAt(at) + number.slice(at + 2);
        return swapped === number || !isIdCard(swapped);
      }),
    );
  });

  test.each(['', '110105194912310021', '11010519490230002X', '11010519491231002x', ' 11010519491231002X'])(
    '%j is no identity number',
    (text) => {
      expect(isIdCard(text)).toBe(false);
    },
  );
});

describe('unified social credit codes (GB 32100)', () => {
  test.each(['91350100M000100Y43', '91330100799655058B', '914403001922038216'])('%s is accepted', (code) => {
    expect(isCreditCode(code)).toBe(true);
    expect(creditCodeCheck(code.slice(0, 17))).toBe(code.charAt(17));
  });

  test('the organisation code inside a real credit code has its own check character', () => {
    expect(organisationCheck('19220382')).toBe('1');
    expect(organisationCheck('M000100Y')).toBe('4');
  });

  test('every code with the computed check characters is accepted', () => {
    fc.assert(fc.property(companyCode, (code) => isCreditCode(code)));
  });

  test('one wrong character is always noticed', () => {
    const slip = fc.tuple(companyCode, fc.integer({ min: 8, max: 17 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(slip, ([code, at, by]) => {
        const character = CREDIT_CODE_ALPHABET.charAt((CREDIT_CODE_ALPHABET.indexOf(code.charAt(at)) + by) % 31);
        return !isCreditCode(code.slice(0, at) + character + code.slice(at + 1));
      }),
    );
  });

  test.each(['', '91350100M000100Y4', '91350100M000100Y44', '9135O100M000100Y43'])('%j is no credit code', (text) => {
    expect(isCreditCode(text)).toBe(false);
  });
});
