import { accepted, play } from '../../support/play.ts';
import { APPLICANT } from '../../support/cases.ts';
import { approve, clerk, inOrder, inPlaceOf, reviewer, stage, task } from './office.ts';

const away = { ...reviewer(1), from: '2026-11-20', until: '2026-11-30' };
const started = () => play({ route: inOrder(stage('s'), stage('next')) });
const yes = (one: ReturnType<typeof started>, id = 's') =>
  ({ action: 'approve', taskId: task(one, id), seen: one.state.form.digest }) as const;

test('代理 acts in the place of the absent, and both are recorded', () => {
  const one = started();
  const events = accepted(inPlaceOf(one, clerk(1), away, yes(one)));
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'answered',
      actor: clerk(1).person,
      onBehalf: away.person,
      through: [away.person],
    }),
  );
});

test('only on the days of the absence, in the same department, and not for oneself', () => {
  const one = started();
  const refusal = { code: 'NotTheirStandIn' };
  expect(inPlaceOf(one, clerk(1), { ...away, until: '2026-11-24' }, yes(one))).toEqual(refusal);
  expect(inPlaceOf(one, clerk(1), { ...away, from: '2026-11-26' }, yes(one))).toEqual(refusal);
  expect(inPlaceOf(one, clerk(1, 'transport'), away, yes(one))).toEqual(refusal);
  expect(inPlaceOf(one, reviewer(1), away, yes(one))).toEqual(refusal);
  accepted(inPlaceOf(one, clerk(1), { ...away, from: '2026-11-25', until: '2026-11-25' }, yes(one)));
});

test('an applicant decides nothing in another’s place, nor does anybody for an applicant', () => {
  const one = started();
  const applicant = { ...APPLICANT, department: 'public-security' };
  expect(inPlaceOf(one, applicant, away, yes(one))).toEqual({ code: 'OwnRequest' });
  const absent = { ...applicant, roles: ['reviewer'], from: away.from, until: away.until } as const;
  expect(inPlaceOf(one, clerk(1), absent, yes(one))).toEqual({ code: 'OwnRequest' });
});

test('who stood in and who was stood in for have both signed, and sign no other stage', () => {
  const one = started();
  accepted(inPlaceOf(one, reviewer(2), away, yes(one)));
  expect(approve(one, reviewer(1), 'next')).toEqual({ code: 'AlreadySigned' });
  expect(approve(one, reviewer(2), 'next')).toEqual({ code: 'AlreadySigned' });
  accepted(approve(one, reviewer(3), 'next'));
});
