/**
 * A floating-point number as PostgreSQL writes it: the fewest digits that stand for no other number, with an exponent from
 * 15 digits before the point on (6 for four bytes), and below 0.0001.
 */
export function floatText(value: string, isSingle: boolean): string {
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  if (number === 0) return Object.is(number, -0) ? '-0' : '0';
  const [digits = '', power = '0'] = (isSingle ? shortestSingle(number) : number.toExponential()).split('e');
  const exponent = Number(power);
  const bare = digits.replace('-', '').replace('.', '').replace(/0+$/, '') || '0';
  const sign = number < 0 ? '-' : '';
  if (exponent < -4 || exponent >= (isSingle ? 6 : 15)) {
    const after = bare.length > 1 ? `.${bare.slice(1)}` : '';
    return `${sign}${bare[0]}${after}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${bare}`;
  const whole = bare.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const rest = bare.slice(exponent + 1);
  return `${sign}${whole}${rest === '' ? '' : `.${rest}`}`;
}

function shortestSingle(number: number): string {
  for (let digits = 0; digits < 8; digits += 1) {
    const text = number.toExponential(digits);
    if (Math.fround(Number(text)) === Math.fround(number)) return text;
  }
  return number.toExponential(8);
}
