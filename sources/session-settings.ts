/**
 * What makes the text of a value the same whatever the database's own settings are: the canonical form of deliveries and
 * the pseudonyms of services depend on it. With the catalogue schema alone in the search path no object of the
 * department's can take the place of a built-in one.
 */
export const CANONICAL_SETTINGS = [
  "set client_encoding = 'UTF8'",
  "set datestyle = 'ISO, YMD'",
  "set intervalstyle = 'iso_8601'",
  "set timezone = 'UTC'",
  'set extra_float_digits = 1',
  "set bytea_output = 'hex'",
  "set xmloption = 'content'",
  "set lc_monetary = 'C'",
  'set standard_conforming_strings = on',
  'set search_path = pg_catalog, pg_temp',
  'set synchronize_seqscans = off',
];

/** Adds settings to the `options` of an address, after those that it has: pg takes the last. Names and values are plain words. */
export function withSettings(url: string, settings: Readonly<Record<string, string>> = {}): string {
  const said = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  if (said.length === 0) return url;
  const query = url.indexOf('?');
  const own = query < 0 ? null : new URLSearchParams(url.slice(query)).get('options');
  const options = encodeURIComponent([...(own === null ? [] : [own]), ...said].join(' '));
  return `${url}${query < 0 ? '?' : '&'}options=${options}`;
}
