import { isDate } from './civil-date.ts';

/** GB 11643 (ISO 7064 MOD 11-2): what the last of a citizen identity number's 18 characters is for its first 17 digits. */
export function idCardCheck(first17: string): string {
  if (!/^\d{17}$/.test(first17)) throw new RangeError('The first 17 characters of an identity number are digits');
  let sum = 0;
  for (const [index, digit] of Array.from(first17).entries()) sum += Number(digit) * (2 ** (17 - index) % 11);
  return '10X98765432'.charAt(sum % 11);
}

/** Whether the text is a citizen identity number: form, existing birth date, check character. Says nothing of the region. */
export function isIdCard(text: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return false;
  const birthDate = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  return isDate(birthDate) && idCardCheck(text.slice(0, 17)) === text.charAt(17);
}

const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2] as const;

/** GB 11714: the ninth character of an organisation code, which is characters 9 to 17 of a unified social credit code. */
export function organisationCheck(first8: string): string {
  if (!/^[0-9A-Z]{8}$/.test(first8))
    throw new RangeError('An organisation code begins with 8 digits or capital letters');
  let sum = 0;
  for (const [index, weight] of ORGANISATION_WEIGHTS.entries()) {
    sum += Number.parseInt(first8.charAt(index), 36) * weight;
  }
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? 'X' : String(check);
}

/** The 31 characters of GB 32100: no I, O, S, V, Z. */
export const CREDIT_CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/** GB 32100: the last of a unified social credit code's 18 characters. */
export function creditCodeCheck(first17: string): string {
  if (!/^[0-9A-HJ-NP-RTUWXY]{17}$/.test(first17)) {
    throw new RangeError('A unified social credit code has 17 characters of its alphabet before the check character');
  }
  let sum = 0;
  let weight = 1;
  for (const character of first17) {
    sum += CREDIT_CODE_ALPHABET.indexOf(character) * weight;
    weight = (weight * 3) % 31;
  }
  return CREDIT_CODE_ALPHABET.charAt((31 - (sum % 31)) % 31);
}

/** Whether the text is a unified social credit code: form, digits of the region, check character of GB 32100. */
export function isCreditCode(text: string): boolean {
  if (!/^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/.test(text)) return false;
  return creditCodeCheck(text.slice(0, 17)) === text.charAt(17);
}

/** A whole unified social credit code from its parts: `9` companies, `1` organs of state; region of 6 digits; 8 characters. */
export function creditCode(authorityAndKind: string, region: string, organisation: string): string {
  const first17 = `${authorityAndKind}${region}${organisation}${organisationCheck(organisation)}`;
  return `${first17}${creditCodeCheck(first17)}`;
}
