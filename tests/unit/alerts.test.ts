import fc from 'fast-check';
import { follow, type Standing } from '../../domain/alerts/follow.ts';
import { SHIPPED_RULES, WATCHES } from '../../domain/alerts/rules.ts';
import { cycleSeconds, linkId, readLinkId, updateLag } from '../../domain/links.ts';

const MINUTE = 60_000;
const rule = { threshold: 3, forSeconds: 120, calmSeconds: 180 };

/** What a row of values, one a minute, makes of an alert: `o` where it opens, `c` where it closes, `d` where it is dropped. */
function told(values: readonly number[], under = rule): string {
  let alert: Standing | undefined;
  return values
    .map((value, minute) => {
      const now = minute * MINUTE;
      const step = follow(alert, value, { rule: under, now });
      switch (step.kind) {
        case 'nothing':
          return '.';
        case 'begins':
          alert = { since: now, seenAt: now, ...(step.opens ? { openedAt: now } : {}) };
          return step.opens ? 'o' : '-';
        case 'goesOn': {
          const { since, opens, calmSince } = step;
          const openedAt = opens ? now : alert?.openedAt;
          alert = {
            since,
            seenAt: now,
            ...(openedAt === undefined ? {} : { openedAt }),
            ...(calmSince === undefined ? {} : { calmSince }),
          };
          return opens ? 'o' : '-';
        }
        case 'drops':
          alert = undefined;
          return 'd';
        case 'closes':
          alert = undefined;
          return 'c';
      }
    })
    .join('');
}

test('an alert opens when the threshold was crossed for long enough, once, and is over when it was calm for long enough', () => {
  expect(told([0, 3, 4, 3, 9, 0, 0, 0, 0, 0])).toBe('.--o----c.');
});

test('what comes and goes before its time tells nobody', () => {
  expect(told([3, 3, 0, 3, 3, 0, 0])).toBe('--d--d.');
});

test('what comes and goes after it has opened stays one alert', () => {
  expect(told([3, 3, 3, 0, 0, 3, 0, 3, 0, 0, 0, 0])).toBe('--o--------c');
});

test('a rule without a time opens at once, and without calm is over at once', () => {
  expect(told([3, 2, 3], { threshold: 3, forSeconds: 0, calmSeconds: 0 })).toBe('oco');
});

test('what nobody looked at for a while is not held to have lasted', () => {
  const pending = { since: 0, seenAt: MINUTE };
  expect(follow(pending, 5, { rule, now: 60 * MINUTE })).toEqual({ kind: 'goesOn', since: 60 * MINUTE, opens: false });
  const calm = { since: 0, openedAt: 0, calmSince: MINUTE, seenAt: MINUTE };
  expect(follow(calm, 0, { rule, now: 60 * MINUTE })).toMatchObject({ kind: 'goesOn', calmSince: 60 * MINUTE });
});

test('whatever the values, openings and ends take turns, and neither comes before its time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 60 }), (values) => {
      const signs = told(values);
      expect(signs.replaceAll(/[^oc]/g, '')).toMatch(/^(oc)*o?$/);
      for (const [minute, sign] of signs.split('').entries()) {
        if (sign === 'o') expect(values.slice(minute - 2, minute + 1).every((value) => value >= 3)).toBe(true);
        if (sign === 'c') expect(values.slice(minute - 3, minute + 1).every((value) => value < 3)).toBe(true);
      }
    }),
  );
});

test('the rules that ship tell only parties that there are, and no two have one id', () => {
  expect(new Set(SHIPPED_RULES.map(({ id }) => id)).size).toBe(SHIPPED_RULES.length);
  for (const { watches, tells } of SHIPPED_RULES) {
    for (const { party } of tells) expect([...WATCHES[watches].parties, 'platform']).toContain(party);
  }
  expect(new Set(SHIPPED_RULES.map(({ watches }) => watches))).toEqual(new Set(Object.keys(WATCHES)));
});

test('the id of a link says what it is; what is none is none', () => {
  expect(readLinkId(linkId('grant', 'a~b.grant'))).toEqual({ kind: 'grant', ref: 'a~b.grant' });
  for (const id of ['', 'grant', 'grant~', '~x', 'odd~x']) expect(readLinkId(id)).toBeUndefined();
});

test('how late a link is counts from the first update that did not come along, and from run to run', () => {
  const since = '2026-11-20T12:00:00+08:00';
  expect(updateLag('daily', since, '2026-11-20T13:00:00+08:00')).toBe(0);
  expect(updateLag('daily', since, '2026-11-21T03:00:00+08:00')).toBe(3_600);
  expect(updateLag('irregular', since, '2026-11-21T03:00:00+08:00')).toBeUndefined();
  expect(cycleSeconds({ kind: 'cron', cron: '0 */6 * * *' }, since)).toBe(6 * 3_600);
  expect(cycleSeconds({ kind: 'after-update', cycle: 'weekly' }, since)).toBe(7 * 86_400);
  expect(cycleSeconds({ kind: 'on-call' }, since)).toBeUndefined();
});
