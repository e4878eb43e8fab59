import { SYSTEM, type CaseEvent, type FormRef, type RefusedItem } from '../../../domain/case.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { itemsLeftOut, seenOf } from '../../../domain/kernel/item-answers.ts';
import type { Actor } from '../../../domain/language.ts';
import { type Refusal, replayEvents } from '../../../domain/machine.ts';
import { APPLICANT, form, formRef } from '../../support/cases.ts';
import { accepted, nextForm, play, type Play } from '../../support/play.ts';
import {
  again,
  branches,
  EACH_REVIEWER,
  formOver,
  inOrder,
  limit,
  reviewer,
  sendBack,
  STAFF,
  stage,
  standing,
  straight,
  task,
} from './office.ts';

const ITEMS = ['a', 'b', 'c', 'd'];
const first: FormRef = { ...formRef(form(), { id: 'form' }), items: ITEMS, scopedBy: ['a'] };
const delivery = limit({ kind: 'delivery', legal: 20 });
const three = { ...inOrder(stage('one'), stage('two'), stage('three')), delivery, refileWithin: 10 };
const WHY = '超出必要';

const out = (...ids: readonly string[]): RefusedItem[] => ids.map((itemId) => ({ itemId, reason: WHY }));

function narrow(
  one: Play,
  { who, at, seat = 1 }: { readonly who: Actor; readonly at: string; readonly seat?: number },
  refused: readonly RefusedItem[],
): readonly CaseEvent[] | Refusal {
  return one.act(who, { action: 'approve', taskId: task(one, at, seat), seen: seenOf(one.state), refused });
}

const on = (nth: number, at: string, seat = 1) => ({ who: reviewer(nth), at, seat });

/** The first two stages have each left one item out. */
function narrowed(): Play {
  const one = play({ route: three, first });
  accepted(narrow(one, on(1, 'one'), out('b')));
  accepted(narrow(one, on(2, 'two'), out('c')));
  return one;
}

test('what each stage leaves out is out of the grant, which says so', () => {
  const one = narrowed();
  const events = accepted(narrow(one, on(3, 'three'), []));
  expect(events).toContainEqual(expect.objectContaining({ type: 'granted', without: ['b', 'c'] }));
  expect(one.state.grants).toEqual([{ id: 'case.grant', without: ['b', 'c'] }]);
  expect(replayEvents(caseMachine, one.events)).toEqual(one.state);
});

test('a case of which items were refused is partly completed, and is not filed again for what was granted', () => {
  const one = narrowed();
  accepted(narrow(one, on(3, 'three'), []));
  const report = { deliveryId: 'case.grant.1', outcome: 'delivered' } as const;
  accepted(one.send({ id: 'deliver', at: one.at, actor: SYSTEM, do: { action: 'reportDelivery', report } }));
  expect(one.state.status).toBe('partly-completed');
  expect(one.state.refileUntil).toBeUndefined();
});

test('an approval of everything is recorded as it always was', () => {
  const one = play({ route: three, first });
  const [answered] = accepted(narrow(one, on(1, 'one'), []));
  expect(Object.keys(answered ?? {})).toEqual(expect.not.arrayContaining(['refused', 'without']));
});

describe('what may be left out', () => {
  const refusal = (one: Play, nth: number, at: string, refused: readonly RefusedItem[]) =>
    narrow(one, on(nth, at), refused);

  test('is what is asked for and still there, each once and for a reason', () => {
    const one = play({ route: three, first });
    const at = '/refused/0/itemId';
    expect(refusal(one, 1, 'one', out('x'))).toEqual({ code: 'ItemNotAsked', pointer: at });
    expect(refusal(one, 1, 'one', out('b', 'b'))).toEqual({ code: 'ItemTwice', pointer: '/refused/1/itemId' });
    const silent = [{ itemId: 'b', reason: ' ' }];
    expect(refusal(one, 1, 'one', silent)).toEqual({ code: 'ReasonMissing', pointer: '/refused/0/reason' });
    expect(refusal(narrowed(), 3, 'three', out('b'))).toEqual({ code: 'ItemNotAsked', pointer: at });
  });

  test('is nothing that the row scope chooses rows by', () => {
    const one = play({ route: three, first });
    expect(refusal(one, 1, 'one', out('a'))).toEqual({ code: 'ScopeNeedsItem', pointer: '/refused/0/itemId' });
  });

  test('is never all that is left', () => {
    const free = { ...first, scopedBy: [] };
    const one = play({ route: three, first: free });
    expect(refusal(one, 1, 'one', out(...ITEMS))).toEqual({ code: 'NothingLeft', pointer: '/refused' });
    accepted(refusal(one, 1, 'one', out('a', 'b', 'c')));
    expect(refusal(one, 2, 'two', out('d'))).toEqual({ code: 'NothingLeft', pointer: '/refused' });
  });

  test('is nothing where a stage does not rest on the items, or a form from before does not name them', () => {
    const other = inOrder(stage('one', { basis: ['purpose'] }));
    const whole = { code: 'ItemsWhole', pointer: '/refused' };
    expect(refusal(play({ route: other, first }), 1, 'one', out('b'))).toEqual(whole);
    expect(refusal(play({ route: three }), 1, 'one', out('b'))).toEqual(whole);
  });

  test('is of the own resources in a branch, and at least one item of each stays', () => {
    const each = { kind: 'for-each', id: 'p', over: 'provider', block: stage('review') } as const;
    const both = formOver(first, { x: 'public-security', y: 'transport' });
    const subjects = (both.subjects ?? []).map((one) => ({ ...one, items: ['a', 'b'] }));
    const one = play({ route: { ...inOrder(each), delivery }, first: { ...both, subjects } });
    const at = { who: reviewer(1), at: 'review@public-security' };
    const of = (subject: string, itemId = 'a') => [{ itemId, subject, reason: WHY }];
    const none = { code: 'ItemNotAsked', pointer: '/refused/0/itemId' };
    expect(narrow(one, at, of('y'))).toEqual(none);
    expect(narrow(one, at, out('a'))).toEqual(none);
    expect(narrow(one, at, [...of('x'), ...of('x', 'b')])).toEqual({ code: 'NothingLeft', pointer: '/refused' });
    accepted(narrow(one, at, of('x')));
    accepted(narrow(one, { who: reviewer(1, 'transport'), at: 'review@transport' }, []));
    expect(one.state.grants).toEqual([
      { id: 'case.grant.x', subject: 'x', without: ['a'] },
      { id: 'case.grant.y', subject: 'y' },
    ]);
  });
});

describe('nobody signs what was narrowed under their eyes', () => {
  test('whoever saw the case before an item was refused has to look again', () => {
    const one = play({ route: three, first });
    const before = seenOf(one.state);
    expect(before).toBe(one.state.form.digest);
    accepted(narrow(one, on(1, 'one'), out('b')));
    expect(seenOf(one.state)).toMatch(/^[0-9a-f]{64}$/);
    expect(seenOf(one.state)).not.toBe(before);
    const taskId = task(one, 'two');
    const stale = { code: 'FormChanged', pointer: '/seen' };
    expect(one.act(reviewer(2), { action: 'approve', taskId, seen: before })).toEqual(stale);
    const reason = { code: 'other', text: WHY } as const;
    expect(one.act(reviewer(2), { action: 'reject', taskId, seen: before, reason })).toEqual(stale);
    accepted(one.act(reviewer(2), { action: 'approve', taskId, seen: seenOf(one.state) }));
  });

  test('another reason is another thing to see', () => {
    const seen = [WHY, '与用途无关'].map((reason) => {
      const one = play({ route: three, first });
      accepted(narrow(one, on(1, 'one'), [{ itemId: 'b', reason }]));
      return seenOf(one.state);
    });
    expect(new Set(seen).size).toBe(2);
  });
});

describe('a narrowing that is undone', () => {
  test('by taking back: the items are there again', () => {
    const one = play({ route: three, first });
    accepted(narrow(one, on(1, 'one'), out('b')));
    accepted(one.act(reviewer(1), { action: 'takeBack', taskId: task(one, 'one'), reason: '看错' }));
    expect(seenOf(one.state)).toBe(one.state.form.digest);
    expect(itemsLeftOut(one.state, undefined)).toEqual([]);
  });

  test('by a return: who signed the narrower request signs anew, and nothing comes in unseen', () => {
    const one = narrowed();
    accepted(sendBack(one, reviewer(3), { from: 'three', ...straight('one') }));
    expect(standing(one)).toMatchObject({ one: 'open', two: 'decided', three: 'parked' });
    const events = accepted(narrow(one, on(1, 'one'), []));
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'signatureLapsed', stage: 'two', changed: ['items'] }),
    );
    expect(standing(one)).toMatchObject({ one: 'decided', two: 'open', three: 'parked' });
    accepted(narrow(one, on(2, 'two'), []));
    accepted(narrow(one, on(3, 'three'), []));
    expect(one.state.grants).toEqual([{ id: 'case.grant' }]);
  });

  test('and done again costs nobody their signature; a further one neither', () => {
    const one = narrowed();
    accepted(sendBack(one, reviewer(3), { from: 'three', ...straight('one') }));
    accepted(narrow(one, on(1, 'one'), out('b', 'd')));
    expect(standing(one)).toMatchObject({ one: 'decided', two: 'decided', three: 'open' });
    accepted(narrow(one, on(3, 'three'), []));
    expect(one.state.grants).toEqual([{ id: 'case.grant', without: ['b', 'd', 'c'] }]);
  });

  test('by passing all stages again, or by other items in the form', () => {
    const one = narrowed();
    accepted(sendBack(one, reviewer(3), { from: 'three', ...again('one') }));
    expect(itemsLeftOut(one.state, undefined)).toEqual([]);
    const other = narrowed();
    accepted(sendBack(other, reviewer(3), { from: 'three', ...straight('applicant') }));
    expect(itemsLeftOut(other.state, undefined)).toEqual(['b', 'c']);
    const next = { ...nextForm(other.state.form, ['items']), items: ['a', 'b'] };
    accepted(other.act(APPLICANT, { action: 'resubmit', form: next }));
    expect(itemsLeftOut(other.state, undefined)).toEqual([]);
  });
});

describe('several who sign beside each other', () => {
  test('each answer for all that came to the stage, and what any of them leaves out is out', () => {
    const joint = stage('one', { rule: 'all', seat: EACH_REVIEWER });
    const one = play({ route: { ...inOrder(joint), delivery }, first, staff: STAFF });
    accepted(narrow(one, on(1, 'one', 1), out('b')));
    accepted(narrow(one, on(2, 'one', 2), out('b', 'c')));
    expect(narrow(one, on(3, 'one', 3), out('a'))).toMatchObject({ code: 'ScopeNeedsItem' });
    accepted(narrow(one, on(3, 'one', 3), []));
    expect(one.state.grants).toEqual([{ id: 'case.grant', without: ['b', 'c'] }]);
  });

  test('in branches too, but together they leave something', () => {
    const route = { ...inOrder(branches(stage('left'), stage('right'))), delivery };
    const one = play({ route, first: { ...first, items: ['b', 'c'], scopedBy: [] } });
    accepted(narrow(one, on(1, 'left'), out('b')));
    expect(narrow(one, on(2, 'right'), out('c'))).toEqual({ code: 'NothingLeft', pointer: '/refused' });
    accepted(narrow(one, on(2, 'right'), out('b')));
    expect(one.state.grants).toEqual([{ id: 'case.grant', without: ['b'] }]);
  });
});
