import { isDate } from '../domain/civil-date.ts';
import { isStorable } from './storable.ts';

/** What half of a place can be. `ranked`: one digit and a text. `date`: also what sorts behind all dates. */
export type PlacePart = 'text' | 'ranked' | 'time' | 'date' | 'integer' | 'bigint' | 'uuid';

const LARGEST_INTEGER = 2 ** 31 - 1;
/** As PostgreSQL writes a timestamp with time zone: `2026-11-25 11:46:42.123456+08`. */
const TIME = /^(\d{4}-\d{2}-\d{2}) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?[+-](?:0\d|1[0-5])(?::[0-5]\d){0,2}$/;
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;

const IS: Readonly<Record<PlacePart, (text: string) => boolean>> = {
  text: () => true,
  ranked: (text) => /^\d/.test(text),
  time: (text) => isDate(TIME.exec(text)?.[1] ?? ''),
  date: (text) => text === 'infinity' || isDate(text),
  integer: (text) => /^\d{1,10}$/.test(text) && Number(text) <= LARGEST_INTEGER,
  bigint: (text) => /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)),
  uuid: (text) => UUID.test(text),
};

/** Whether half of a place is what the list has there, so that the database can compare it. */
export function isPart(part: PlacePart, value: unknown): value is string {
  return typeof value === 'string' && isStorable(value) && IS[part](value);
}
