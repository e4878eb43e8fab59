export interface FieldError {
  /** JSON pointer into what was sent. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** A refusal of the API (RFC 9457), in the reader's language. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly errors: readonly FieldError[];

  constructor(given: {
    status: number;
    code?: string;
    title?: string;
    requestId?: string;
    errors?: readonly FieldError[];
  }) {
    super(given.title ?? String(given.status));
    this.status = given.status;
    this.code = given.code ?? '';
    this.requestId = given.requestId ?? '';
    this.errors = given.errors ?? [];
  }
}

/** The connection broke before an answer came: whether the server has acted is not known. */
export class Unreachable extends Error {}

/** Somebody else was faster, or what was seen is not what is there now. */
export function isStale(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && (error.status === 409 || error.status === 412);
}
