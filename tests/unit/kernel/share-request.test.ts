import { actionsOf } from '../../../domain/kernel/actions.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { replayEvents } from '../../../domain/machine.ts';
import { CONDITIONAL, routeIdFor, UNCONDITIONAL, UNCONDITIONAL_AT_ONCE } from '../../../domain/routes/share-request.ts';
import { tasksOf } from '../../../domain/tasks.ts';
import { actor, APPLICANT, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../../support/cases.ts';
import { accepted, nextForm, play, taskOf } from '../../support/play.ts';

const types = (events: readonly { readonly type: string }[]): string[] => events.map(({ type }) => type);

describe('the way of a request', () => {
  test('a conditional request passes the requester’s lead, the reviewer and the provider’s lead, is granted and delivered', () => {
    const one = play();
    accepted(one.approve(REQUESTER_LEAD, 'requester-lead'));
    accepted(one.approve(REVIEWER, 'provider-reviewer'));
    expect(types(accepted(one.approve(PROVIDER_LEAD, 'provider-lead')))).toEqual([
      'answered',
      'stageDecided',
      'clockMoved',
      'granted',
      'clockMoved',
    ]);
    expect(one.state).toMatchObject({ status: 'delivering', grants: [{ id: 'case.grant' }] });
    expect(types(one.report('delivered'))).toEqual(['deliveryReported', 'ended']);
    expect(one.state.status).toBe('completed');
    expect(replayEvents(caseMachine, one.events)).toEqual(one.state);
  });

  test('an unconditional request goes straight from the requester’s lead to the provider’s lead', () => {
    const one = play({ route: UNCONDITIONAL });
    accepted(one.approve(REQUESTER_LEAD, 'requester-lead'));
    accepted(one.approve(PROVIDER_LEAD, 'provider-lead'));
    expect(one.state.status).toBe('delivering');
  });

  test('where the place grants at once, the provider’s lead is told and has nothing to answer', () => {
    const one = play({ route: UNCONDITIONAL_AT_ONCE });
    const events = accepted(one.approve(REQUESTER_LEAD, 'requester-lead'));
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'copied', to: { role: 'sharing-lead', department: 'public-security' } }),
    );
    expect(one.state.status).toBe('delivering');
    expect(tasksOf(one.state).map(({ department }) => department)).toEqual(['civil-affairs']);
  });

  test('which route a request takes follows from the share type and the place’s practice; withheld has none', () => {
    expect(routeIdFor('conditional', 'at-once')).toBe(CONDITIONAL.id);
    expect(routeIdFor('unconditional', 'answer')).toBe(UNCONDITIONAL.id);
    expect(routeIdFor('unconditional', 'at-once')).toBe(UNCONDITIONAL_AT_ONCE.id);
    expect(routeIdFor('withheld', 'answer')).toBeUndefined();
  });

  test('a refusal with its reason ends the case, and nobody can do anything more', () => {
    const one = play();
    one.approve(REQUESTER_LEAD, 'requester-lead');
    one.reject(REVIEWER, 'provider-reviewer', { code: 'other', text: '没有法定依据' });
    expect(one.state).toMatchObject({ status: 'refused', stages: { 'provider-reviewer': { verdict: 'rejected' } } });
    expect(one.events).toContainEqual(
      expect.objectContaining({ type: 'answered', reason: { code: 'other', text: '没有法定依据' } }),
    );
    expect(one.approve(PROVIDER_LEAD, 'provider-lead')).toEqual({ code: 'CaseEnded' });
    expect(actionsOf(one.state, APPLICANT, one.at)).toEqual([]);
    expect(caseMachine.isOver(one.state)).toBe(true);
    expect(caseMachine.alarm(one.state)).toBeUndefined();
  });

  test('incomplete materials are no ground for a refusal, and a refusal without words is none', () => {
    const one = play();
    const incomplete = one.reject(REQUESTER_LEAD, 'requester-lead', { code: 'incomplete', text: '材料不全' });
    expect(incomplete).toEqual({ code: 'IncompleteIsNoGround', pointer: '/reason/code' });
    const silent = one.reject(REQUESTER_LEAD, 'requester-lead', { code: 'other', text: '  ' });
    expect(silent).toEqual({ code: 'ReasonMissing', pointer: '/reason/text' });
  });

  test('a delivery that failed is said so, and the next one that succeeds completes the case', () => {
    const one = play({ route: UNCONDITIONAL_AT_ONCE });
    one.approve(REQUESTER_LEAD, 'requester-lead');
    one.report('failed');
    expect(one.state.status).toBe('delivery-failed');
    one.report('delivered', 2);
    expect(one.state).toMatchObject({ status: 'completed', grants: [{ delivery: { deliveryId: 'case.grant.2' } }] });
  });

  test.each(['terminated', 'expired'] as const)('a grant %s before any delivery ends its case undelivered', (how) => {
    const one = play({ route: UNCONDITIONAL_AT_ONCE });
    one.approve(REQUESTER_LEAD, 'requester-lead');
    const system = { person: 'system', department: 'system', roles: [] };
    one.send({ id: 'over', at: one.at, actor: system, do: { action: 'reportGrantOver', how } });
    expect(one.state).toMatchObject({ status: 'undelivered', grants: [{ over: how }] });
  });

  test('word of a delivery before there is a grant means nothing', () => {
    const one = play();
    const before = one.state;
    expect(one.report('delivered')).toEqual([]);
    expect(one.state).toEqual(before);
  });

  test('the applicant withdraws while others decide, but not once it is granted, and nobody else does', () => {
    const one = play();
    expect(one.act(REQUESTER_LEAD, { action: 'withdraw', reason: '' })).toEqual({ code: 'NotTheApplicant' });
    const granted = play({ route: UNCONDITIONAL_AT_ONCE });
    granted.approve(REQUESTER_LEAD, 'requester-lead');
    expect(granted.act(APPLICANT, { action: 'withdraw', reason: '' })).toEqual({ code: 'AlreadyGranted' });
    one.act(APPLICANT, { action: 'withdraw', reason: '不再需要' });
    expect(one.state.status).toBe('withdrawn');
    expect(tasksOf(one.state)).toMatchObject([{ stage: 'requester-lead', status: 'closed' }]);
  });
});

describe('who may answer', () => {
  test('the applicant never answers, whatever role they also hold', () => {
    const one = play();
    const both = { ...APPLICANT, roles: ['requester', 'sharing-lead'] as const };
    expect(one.approve(both, 'requester-lead')).toEqual({ code: 'OwnRequest' });
    expect(one.reject(both, 'requester-lead')).toEqual({ code: 'OwnRequest' });
    expect(one.ask(both, 'requester-lead', 'items')).toEqual({ code: 'OwnRequest' });
    one.approve(REQUESTER_LEAD, 'requester-lead');
    const inProvider = actor('public-security', 'reviewer', APPLICANT.person);
    expect(one.approve(inProvider, 'provider-reviewer')).toEqual({ code: 'OwnRequest' });
  });

  test('nobody signs at two stages of one case', () => {
    const one = play();
    one.approve(REQUESTER_LEAD, 'requester-lead');
    one.approve(REVIEWER, 'provider-reviewer');
    const again = { ...PROVIDER_LEAD, person: REVIEWER.person };
    expect(one.approve(again, 'provider-lead')).toEqual({ code: 'AlreadySigned' });
  });

  test('only who holds the role in that department holds the seat', () => {
    const one = play();
    expect(one.approve(PROVIDER_LEAD, 'requester-lead')).toEqual({ code: 'NotYourTask' });
    expect(one.approve(actor('civil-affairs', 'reviewer'), 'requester-lead')).toEqual({ code: 'NotYourTask' });
  });

  test('a form that changed since the person saw it cannot be signed', () => {
    const one = play();
    const taskId = taskOf(one.state, 'requester-lead');
    const stale = one.act(REQUESTER_LEAD, { action: 'approve', taskId, seen: 'another' });
    expect(stale).toEqual({ code: 'FormChanged', pointer: '/seen' });
  });

  test('a task that is decided, not yet open or not of this case is refused with its own code', () => {
    const one = play();
    expect(one.approve(REVIEWER, 'provider-reviewer')).toEqual({ code: 'TaskUnknown', pointer: '/taskId' });
    one.approve(REQUESTER_LEAD, 'requester-lead');
    expect(one.approve(REQUESTER_LEAD, 'requester-lead')).toEqual({ code: 'AlreadyDecided' });
  });

  test('a case is filed once, by a requester of that department, and before anything else', () => {
    const one = play();
    const [filed] = one.events;
    if (filed?.type !== 'filed') throw new Error('Not filed');
    const { type: _, at, actor: __, capacity: ___, ...filing } = filed;
    const command = { id: 'again', at, actor: APPLICANT, do: { action: 'file', ...filing } } as const;
    expect(one.send(command)).toEqual({ code: 'AlreadyFiled' });
    expect(caseMachine.decide(undefined, { ...command, actor: REVIEWER })).toEqual({
      refusal: { code: 'NotTheApplicant' },
    });
    const early = { ...command, do: { action: 'withdraw', reason: '' } } as const;
    expect(caseMachine.decide(undefined, early)).toEqual({ refusal: { code: 'NotFiled' } });
    expect(() => replayEvents(caseMachine, [])).toThrow('No events');
    expect(() => caseMachine.evolve(undefined, { type: 'withdrawn' } as never)).toThrow('begins with filed');
  });

  test('what only the workflow reports is refused from a person, even one called system', () => {
    const one = play();
    const command = {
      id: 'x',
      at: one.at,
      do: { action: 'passLimit', clock: 'provider', dueOn: '2026-12-09' },
    } as const;
    expect(one.send({ ...command, actor: REVIEWER })).toEqual({ code: 'SystemOnly' });
    expect(one.send({ ...command, actor: { ...REVIEWER, person: 'system' } })).toEqual({ code: 'SystemOnly' });
  });

  test('each person is offered exactly what is theirs to do', () => {
    const one = play();
    const offered = (who: typeof APPLICANT): string[] => actionsOf(one.state, who, one.at).map(({ action }) => action);
    expect(offered(APPLICANT)).toEqual(['withdraw', 'urge', 'copy', 'comment']);
    expect(offered(REQUESTER_LEAD)).toEqual(['approve', 'reject', 'askSupplement', 'return', 'copy', 'comment']);
    expect(offered(REVIEWER)).toEqual(['copy', 'comment']);
    one.ask(REQUESTER_LEAD, 'requester-lead', 'items');
    expect(offered(APPLICANT)).toEqual(['supplement', 'withdraw', 'copy', 'comment']);
    expect(offered(REQUESTER_LEAD)).toEqual(['copy', 'comment']);
    expect(nextForm(one.state.form, []).version).toBe(2);
  });
});
