import type { FormRef } from '../../../domain/case.ts';
import { faultsOfRoute } from '../../../domain/route-check.ts';
import { APPLICANT, form, formRef } from '../../support/cases.ts';
import { accepted, nextForm, play, type Play } from '../../support/play.ts';
import { approve, branches, inOrder, limit, reviewer, stage, standing } from './office.ts';

const first = formRef(form(), { id: 'form' });
const choice = {
  kind: 'choice',
  id: 'which',
  branches: [{ when: 'personal && items > 2', block: stage('strict', { basis: ['purpose'] }) }],
  otherwise: stage('plain', { basis: ['purpose'] }),
} as const;
const withFacts = (ref: FormRef, items: number, personal = true): FormRef => ({ ...ref, facts: { items, personal } });

/** The form takes the strict branch, which is signed; materials are asked for after it. */
function signed(): Play {
  const one = play({ route: inOrder(choice, stage('last', { basis: ['legalBasis'] })), first: withFacts(first, 5) });
  accepted(approve(one, reviewer(1), 'strict'));
  accepted(one.ask(reviewer(2), 'last', 'items'));
  return one;
}

test('a case takes the first branch whose condition holds of its form, else the other', () => {
  expect(standing(play({ route: inOrder(choice), first: withFacts(first, 3) }))).toEqual({ strict: 'open' });
  expect(standing(play({ route: inOrder(choice), first: withFacts(first, 2) }))).toEqual({ plain: 'open' });
  expect(standing(play({ route: inOrder(choice), first: withFacts(first, 9, false) }))).toEqual({ plain: 'open' });
});

test('a form that takes another branch drops what was signed in the first, and opens the other', () => {
  const one = signed();
  const form2 = withFacts(nextForm(one.state.form, ['items']), 1);
  const events = accepted(one.act(APPLICANT, { action: 'supplement', form: form2 }));
  expect(events.map(({ type }) => type)).toContain('signatureLapsed');
  expect(standing(one)).toMatchObject({ strict: 'lapsed', plain: 'open', last: 'parked' });
});

test('what the condition reads is what a signature inside rests on, though the branch stays', () => {
  const one = signed();
  accepted(one.act(APPLICANT, { action: 'supplement', form: withFacts(nextForm(one.state.form, ['items']), 4) }));
  expect(standing(one)).toMatchObject({ strict: 'open', last: 'parked' });
});

test.each([
  ['NoBasis', inOrder(stage('s', { basis: [] }))],
  ['NoSeat', inOrder(stage('s', { seat: [] }))],
  [
    'SeatTwice',
    inOrder(
      stage('s', {
        seat: [
          { role: 'reviewer', department: 'provider', each: true },
          { role: 'reviewer', department: 'provider' },
        ],
      }),
    ),
  ],
  ['VoteNotAFraction', inOrder(stage('s', { rule: { vote: { num: 3, den: 2 } } }))],
  ['DuplicateId', inOrder(stage('s'), stage('s'))],
  ['IdReserved', inOrder(stage('applicant'))],
  ['IdReserved', inOrder(stage('delivery'))],
  ['IdUnreadable', inOrder(stage('Stage One'))],
  ['EmptyGroup', inOrder(branches())],
  ['EmptySequence', inOrder()],
  ['ConditionUnsound', inOrder({ ...choice, branches: [{ when: 'colour == "red"', block: stage('s') }] })],
  ['ConditionUnsound', inOrder({ ...choice, branches: [{ when: 'items + 1', block: stage('s') }] })],
  ['PromiseBeyondLaw', inOrder(stage('s', { clock: limit({ legal: 3, promise: 4 }) }))],
  ['ReminderOutside', inOrder(stage('s', { clock: limit({ legal: 3, remind: [3] }) }))],
])('a route with the fault %s is not published', (code, route) => {
  expect(faultsOfRoute(route).map((fault) => fault.code)).toContain(code);
});
