import type { CaseState, Command, FormRef } from '../case.ts';
import { refuse } from '../machine.ts';
import { peopleOf, type Refused } from './holding.ts';
import { tryPlan } from './plan.ts';
import { chainOf } from './seats.ts';

/**
 * Why a person may not hand in this form as the next one: it does not follow the one before, it lacks a fact that the
 * route asks for, or a stand-in has signed already and would be on both sides of the request.
 */
export function contributionFault(state: CaseState, command: Command, form: FormRef): Refused | undefined {
  const isNext = form.id === state.form.id && form.version === state.form.version + 1;
  if (!isNext) return refuse('FormChanged', '/form');
  if (!tryPlan({ ...state, form })) return refuse('FactsMissing', '/form');
  const people = peopleOf(command);
  const signers = Object.values(state.stages).flatMap(({ seats }) =>
    seats.flatMap(({ answer }) => (answer ? chainOf(answer) : [])),
  );
  return people.some((person) => signers.includes(person)) ? refuse('AlreadySigned') : undefined;
}
