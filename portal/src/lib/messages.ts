import { ApiProblem, Unreachable } from '../api/problem.ts';
import { i18n } from '../i18n.ts';

/** What went wrong in the reader's words: the API's own where it gave some. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiProblem) return error.message;
  return i18n.global.t(error instanceof Unreachable ? 'state.unreachable' : 'state.unknown');
}

export function requestIdOf(error: unknown): string {
  return error instanceof ApiProblem ? error.requestId : '';
}
