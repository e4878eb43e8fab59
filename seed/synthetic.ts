import { creditCode, CREDIT_CODE_ALPHABET, idCardCheck } from '../domain/check-digits.ts';
import { dateOfDayNumber, dayNumber } from '../domain/civil-date.ts';
import { randomOf, scattered } from './random.ts';
import type { Random } from './random.ts';
import * as words from './words.ts';

/** A street or township of the real divisions, that addresses are put together from. */
export interface Place {
  readonly districtCode: string;
  readonly district: string;
  readonly streetCode: string;
  readonly street: string;
}

/** How many rows to make, from which seed, over which places. The same three give the same rows. */
export interface SyntheticOrder {
  readonly count: number;
  readonly seed: number;
  readonly places: readonly Place[];
}

/** One row, its values in the order of the entry's items. */
export type Row = readonly (string | null)[];

const FIRST_BIRTHDAY = dayNumber('1940-01-01');
const BIRTHDAYS = dayNumber('2024-12-31') - FIRST_BIRTHDAY + 1;
const ORDERS = 999;
const FIRST_OPENING = dayNumber('1992-01-01');
const OPENINGS = dayNumber('2026-08-31') - FIRST_OPENING + 1;
const FIRST_UPDATE = dayNumber('2026-01-01');
const UPDATES = 240;
/** A prime: it shares no factor with the number of districts, birthdays, orders or codes. */
const STEP = 7_368_787;

/**
 * Companies that do not exist, with valid and distinct unified social credit codes: columns of the entry `companies`.
 * Any likeness to a registered company's code, name or account is chance.
 */
export function* companies({ count, seed, places }: SyntheticOrder): Generator<Row> {
  for (let index = 0; index < count; index += 1) {
    const random = randomOf(seed, index);
    const place = random.pick(places);
    const trade = random.pick(words.TRADES);
    const [type, ending] = random.pick(words.COMPANY_TYPES);
    const brand = random.pick(words.BRANDS) + random.pick(words.BRANDS);
    const name = random.chance(0.1) ? `${brand}${trade}（沈阳）${ending}` : `沈阳${brand}${trade}${ending}`;
    const opened = FIRST_OPENING + random.below(OPENINGS);
    yield [
      creditCode(type.includes('合伙') ? '93' : '91', place.districtCode, organisation(index)),
      name,
      type,
      random.pick(words.INDUSTRIES),
      place.districtCode,
      address(random, place),
      personName(random),
      `${(random.below(500) + 1) * random.pick([1, 10, 100])}.00`,
      dateOfDayNumber(opened),
      random.pick(words.COMPANY_STATES),
      random.chance(0.05) ? null : mobile(random),
      random.chance(0.3) ? null : mail(random),
      `6222${random.digits(15)}`,
      timestamp(random),
    ];
  }
}

/**
 * Persons who do not exist, with valid and distinct identity numbers of Shenyang's districts: columns of the entry
 * `persons`. Any likeness to a living person's number, name or telephone is chance.
 */
export function* persons({ count, seed, places }: SyntheticOrder): Generator<Row> {
  const districts = [...new Set(places.map((place) => place.districtCode))];
  const numbers = districts.length * BIRTHDAYS * ORDERS;
  if (count > numbers) throw new RangeError(`At most ${numbers} persons have distinct numbers`);
  for (let index = 0; index < count; index += 1) {
    const random = randomOf(seed ^ 0x5bd1e995, index);
    const number = scattered(index, STEP, numbers);
    const district = districts[number % districts.length];
    const order = (Math.floor(number / districts.length) % ORDERS) + 1;
    const birthDate = dateOfDayNumber(FIRST_BIRTHDAY + Math.floor(number / districts.length / ORDERS));
    const place = random.pick(places.filter((candidate) => candidate.districtCode === district));
    const first17 = `${district}${birthDate.replaceAll('-', '')}${String(order).padStart(3, '0')}`;
    yield [
      `R${String(index + 1).padStart(9, '0')}`,
      `${first17}${idCardCheck(first17)}`,
      personName(random),
      order % 2 === 1 ? '男' : '女',
      birthDate,
      random.pick(words.ETHNICITIES),
      place.districtCode,
      place.streetCode,
      address(random, place),
      random.chance(0.03) ? null : mobile(random),
      random.chance(0.4) ? null : mail(random),
      random.chance(0.6) ? null : plate(random),
      timestamp(random),
    ];
  }
}

/** Numbers of sealing decisions, and nothing about whom they concern: columns of the entry `sealed-juvenile-records`. */
export function* sealedRecords({ count, seed, places }: SyntheticOrder): Generator<Row> {
  for (let index = 0; index < count; index += 1) {
    const random = randomOf(seed ^ 0x27d4eb2f, index);
    const date = dateOfDayNumber(FIRST_UPDATE - random.below(1_500));
    const unit = `沈阳市公安局${random.pick(places).district.replace(/[区县市]$/, '')}分局`;
    yield [`FC${date.slice(0, 4)}${String(index + 1).padStart(5, '0')}`, date, unit];
  }
}

/** `MA` and six characters, as companies registered since 2015 have. */
function organisation(index: number): string {
  let number = scattered(index, STEP, 31 ** 6);
  let text = '';
  for (let place = 0; place < 6; place += 1) {
    text = CREDIT_CODE_ALPHABET.charAt(number % 31) + text;
    number = Math.floor(number / 31);
  }
  return `MA${text}`;
}

function personName(random: Random): string {
  const given = random.pick(words.GIVEN) + (random.chance(0.7) ? random.pick(words.GIVEN) : '');
  return random.pick(words.SURNAMES) + given;
}

function address(random: Random, { district, street }: Place): string {
  const house = `${random.pick(words.ROADS)}${random.below(300) + 1}号`;
  const flat = random.chance(0.7) ? `${random.below(6) + 1}-${random.below(30) + 1}-${random.below(4) + 1}` : '';
  return `辽宁省沈阳市${district}${street}${house}${flat}`;
}

function mobile(random: Random): string {
  return `${random.pick(words.MOBILE_PREFIXES)}${random.digits(8)}`;
}

function mail(random: Random): string {
  const letters = Array.from({ length: 3 + random.below(6) }, () => String.fromCharCode(97 + random.below(26)));
  return `${letters.join('')}${random.digits(2)}@${random.pick(words.MAIL_DOMAINS)}`;
}

/** GA 36: five characters after 辽A, or six for new-energy cars, which begin with D or F. */
function plate(random: Random): string {
  if (random.chance(0.25)) return `辽A${random.pick(['D', 'F'])}${random.digits(5)}`;
  return `辽A${random.pick(Array.from('ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'))}${random.digits(4)}`;
}

function timestamp(random: Random): string {
  const time = [random.below(10) + 8, random.below(60), random.below(60)].map((part) => String(part).padStart(2, '0'));
  return `${dateOfDayNumber(FIRST_UPDATE + random.below(UPDATES))}T${time.join(':')}+08:00`;
}
