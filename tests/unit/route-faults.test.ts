import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../api/fault-messages.ts';
import { placed } from '../../api/route-faults.ts';
import { projectRoot } from '../../config.ts';
import type { Block, Choice, Route, SeatSpec, Stage } from '../../domain/route.ts';

const seat: SeatSpec = { role: 'reviewer', department: 'provider' };

function stage(id: string, changes: Partial<Stage> = {}): Stage {
  return { kind: 'stage', id, seat, rule: 'any', basis: ['items'], mayAskSupplement: false, ...changes };
}

function routeOf(blocks: readonly Block[], changes: Partial<Route> = {}): Route {
  return { id: 'a/b', version: 1, root: { kind: 'sequence', id: 'route', blocks }, ...changes };
}

const limit = { kind: 'reply', legal: 0, onSupplement: 'restart' } as const;
const choice: Choice = {
  kind: 'choice',
  id: 'how',
  branches: [
    { when: 'items > 3', block: stage('many') },
    { when: 'items >', block: stage('few') },
    { when: 'items', block: stage('some') },
  ],
};
const data: SeatSpec = { role: 'authority', department: 'data-bureau' };

const ALL = routeOf(
  [
    stage('twice'),
    stage('twice', { clock: { ...limit, legal: 3, promise: 5, remind: [7], extension: -1, from: 'changedOn' } }),
    stage('Not readable', { basis: [], seat: [] }),
    stage('vote', { rule: { vote: { num: 3, den: 2 } }, seat: [seat, data] }),
    stage('again', { seat: data }),
    choice,
    { kind: 'sequence', id: 'empty', blocks: [] },
    { kind: 'parallel', id: 'bare', blocks: [] },
    {
      kind: 'for-each',
      id: 'outer',
      over: 'provider',
      block: { kind: 'for-each', id: 'inner', over: 'provider', block: stage('in', { clock: limit }) },
    },
    stage('delivery', { seat: [data, { ...data, each: true }] }),
    stage('lonely', { seat: { role: 'integrator', department: 'transport' } }),
  ],
  { delivery: { ...limit, promise: 0 }, refileWithin: -1 },
);

const staffed = (role: string) => (role === 'integrator' ? [] : ['somebody']);

function valueAt(value: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((inside, name) => (inside as Record<string, unknown> | undefined)?.[name], value);
}

test('every fault of a route has its place in what was sent', () => {
  const found = placed(ALL, staffed).map(({ code, pointer }) => `${code} ${pointer}`);
  expect(found.toSorted()).toEqual(
    [
      'DuplicateId /root/blocks/1/id',
      'PromiseBeyondLaw /root/blocks/1/clock/promise',
      'ReminderOutside /root/blocks/1/clock/remind',
      'RestartsFromDay /root/blocks/1/clock/onSupplement',
      'ExtensionNotPositive /root/blocks/1/clock/extension',
      'IdUnreadable /root/blocks/2/id',
      'NoBasis /root/blocks/2/basis',
      'NoSeat /root/blocks/2/seat',
      'VoteNotAFraction /root/blocks/3/rule/vote',
      'TooFewHolders /root/blocks/4/seat',
      'NoOtherwise /root/blocks/5/otherwise',
      'ConditionUnsound /root/blocks/5/branches/1/when',
      'ConditionUnsound /root/blocks/5/branches/2/when',
      'EmptySequence /root/blocks/6/blocks',
      'EmptyGroup /root/blocks/7/blocks',
      'NestedForEach /root/blocks/8/block/over',
      'LimitNotPositive /root/blocks/8/block/block/clock/legal',
      'IdReserved /root/blocks/9/id',
      'SeatTwice /root/blocks/9/seat',
      'TooFewHolders /root/blocks/9/seat/0',
      'NoAssignee /root/blocks/10/seat',
      'LimitNotPositive /delivery/legal',
      'PromiseNotPositive /delivery/promise',
      'RefileNotPositive /refileWithin',
    ].toSorted(),
  );
  for (const { pointer } of placed(ALL, staffed).filter(({ code }) => code !== 'NoOtherwise')) {
    expect([pointer, valueAt(ALL, pointer) === undefined]).toEqual([pointer, false]);
  }
});

test('every fault of a route is told in both languages, and none is left that the check knows', () => {
  const faults = placed(ALL, staffed);
  for (const fault of faults) {
    const [zh, en] = [messageOf(fault, 'zh'), messageOf(fault, 'en')];
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect([zh, en]).not.toContain(fault.code);
    expect(en).not.toMatch(/\{\w+\}|\p{Script=Han}/u);
  }
  const check = readFileSync(join(projectRoot, 'domain/route-check.ts'), 'utf8');
  const known = [...check.matchAll(/'([A-Z][A-Za-z]+)'/g)].map(([, code]) => code);
  expect(known.length).toBeGreaterThan(15);
  expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(known));
});

test('a route without a fault has none', () => {
  expect(placed(routeOf([stage('one'), stage('two', { clock: { ...limit, legal: 5 } })]), () => ['a', 'b'])).toEqual(
    [],
  );
});
