import type { ExitName } from './exit-codes.ts';
import type { Say } from './language.ts';

/** The answer of the API to what it refuses (RFC 9457). */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly requestId?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
}

/** Why a command ends without having done what it was asked; `exit` names the number that it ends with. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exit: ExitName;
  readonly problem: Problem | undefined;

  constructor(exit: ExitName, message: string, problem?: Problem) {
    super(message);
    this.exit = exit;
    this.problem = problem;
  }
}

/** A failure as a person reads it: what is wrong, then each fault with its place in what was sent. */
export function failureLines(failure: Failure, say: Say): string[] {
  const { problem } = failure;
  if (!problem) return [failure.message];
  const faults = (problem.errors ?? []).map(({ pointer, message }) => `  ${pointer || '/'}  ${message}`);
  const request =
    problem.requestId === undefined ? [] : [say(`  请求编号 ${problem.requestId}`, `  request ${problem.requestId}`)];
  return [
    `${problem.title} (${problem.code}, ${problem.status})`,
    ...faults,
    ...(problem.status >= 500 ? request : []),
  ];
}

/** The same for programs: one JSON document. */
export function failureJson(failure: Failure): {
  readonly error: Problem | { readonly code: ExitName; readonly title: string };
} {
  return { error: failure.problem ?? { code: failure.exit, title: failure.message } };
}
