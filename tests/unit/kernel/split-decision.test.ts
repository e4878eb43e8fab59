import { SYSTEM } from '../../../domain/case.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { APPLICANT, form, formRef } from '../../support/cases.ts';
import { accepted, nextForm, play, type Play } from '../../support/play.ts';
import { approve, formOver, inOrder, limit, reject, reviewer, stage, standing } from './office.ts';

const each = { kind: 'for-each', id: 'p', over: 'provider', block: stage('review') } as const;
const route = { ...inOrder(each), delivery: limit({ kind: 'delivery', legal: 20 }), refileWithin: 10 };
const first = formOver(formRef(form(), { id: 'form' }), { x: 'public-security', y: 'transport' });

function deliver(one: Play, grantId: string): void {
  const report = { deliveryId: `${grantId}.1`, outcome: 'delivered' } as const;
  accepted(one.send({ id: `deliver:${grantId}`, at: one.at, actor: SYSTEM, do: { action: 'reportDelivery', report } }));
}

/** Transport has refused its part, public security has agreed to its own. */
function split(): Play {
  const one = play({ route, first });
  accepted(reject(one, reviewer(1, 'transport'), 'review@transport'));
  expect(one.state.status).toBe('in-approval');
  accepted(approve(one, reviewer(1), 'review@public-security'));
  return one;
}

test('each provider decides its own part of one request, and only what is agreed to is granted', () => {
  const one = play({ route, first });
  expect(approve(one, reviewer(1), 'review@transport')).toEqual({ code: 'NotYourTask' });
  const both = split();
  expect(both.state.grants).toEqual([{ id: 'case.grant.x', subject: 'x' }]);
  deliver(both, 'case.grant.x');
  expect(both.state).toMatchObject({ status: 'partly-completed', refileUntil: '2026-12-05' });
});

test('a request is refused only if nothing of it is agreed to', () => {
  const one = play({ route, first });
  accepted(reject(one, reviewer(1, 'transport'), 'review@transport'));
  accepted(reject(one, reviewer(1), 'review@public-security'));
  expect(one.state).toMatchObject({ status: 'refused', grants: [] });
});

test('what was refused is filed again; what was granted is neither decided nor granted again', () => {
  const one = split();
  deliver(one, 'case.grant.x');
  accepted(one.act(APPLICANT, { action: 'refile', form: nextForm(one.state.form, ['purpose']) }));
  expect(one.state).toMatchObject({ round: 2, frozen: ['x'], status: 'in-approval' });
  expect(standing(one)).toMatchObject({ 'review@public-security': 'lapsed', 'review@transport': 'open' });
  const events = accepted(approve(one, reviewer(2, 'transport'), 'review@transport'));
  expect(events.filter(({ type }) => type === 'granted')).toEqual([expect.objectContaining({ subject: 'y' })]);
  deliver(one, 'case.grant.y');
  expect(one.state.status).toBe('completed');
});

test('a second refusal of the rest leaves a case of which part was completed', () => {
  const one = split();
  deliver(one, 'case.grant.x');
  accepted(one.act(APPLICANT, { action: 'refile', form: nextForm(one.state.form, ['purpose']) }));
  accepted(reject(one, reviewer(2, 'transport'), 'review@transport'));
  expect(one.state.status).toBe('partly-completed');
});

describe('filing again', () => {
  const refused = (): Play => {
    const one = play({ route, first });
    accepted(reject(one, reviewer(1, 'transport'), 'review@transport'));
    accepted(reject(one, reviewer(1), 'review@public-security'));
    return one;
  };
  const refile = (one: Play) => ({ action: 'refile', form: nextForm(one.state.form, []) }) as const;

  test('is the applicant’s alone, of the next version, and of a case that is refused', () => {
    const one = refused();
    expect(one.act(reviewer(1), refile(one))).toEqual({ code: 'NotTheApplicant' });
    expect(one.act(APPLICANT, { ...refile(one), form: one.state.form })).toEqual({
      code: 'FormChanged',
      pointer: '/form',
    });
    const open = play({ route, first });
    expect(open.act(APPLICANT, refile(open))).toEqual({ code: 'NotRefused' });
  });

  test('is possible until the last day of its term, after which the case is closed', () => {
    const one = refused();
    one.at = '2026-12-05T23:00:00+08:00';
    accepted(one.act(APPLICANT, refile(one)));
    const late = refused();
    late.at = '2026-12-06T00:00:01+08:00';
    expect(late.act(APPLICANT, refile(late))).toEqual({ code: 'CaseEnded' });
    const closed = refused();
    expect(caseMachine.isOver(closed.state)).toBe(false);
    expect(closed.ring()).toEqual([expect.objectContaining({ type: 'closed' })]);
    expect(caseMachine.isOver(closed.state)).toBe(true);
  });

  test('is not possible at all where the route says nothing of it', () => {
    const { refileWithin: _, ...without } = route;
    const one = play({ route: without, first });
    accepted(reject(one, reviewer(1, 'transport'), 'review@transport'));
    accepted(reject(one, reviewer(1), 'review@public-security'));
    expect(caseMachine.isOver(one.state)).toBe(true);
    expect(one.act(APPLICANT, refile(one))).toEqual({ code: 'CaseEnded' });
  });
});
