import type { z } from 'zod';
import type { Fault } from '../domain/language.ts';
import { escapePointer } from './pointer.ts';
import { Problem } from './problem.ts';
import { unstorable, withoutAsWritten } from './storable.ts';

type Issue = z.core.$ZodIssue;

/**
 * Checks the shape of an input: everything that is wrong with it, at once, with pointers into what was sent.
 * @throws {Problem} Invalid
 */
export function validate<S extends z.ZodType>(schema: S, input: unknown, base = ''): z.output<S> {
  const result = schema.safeParse(input);
  const found = result.success ? [] : faultsOf(result.error.issues, input, base);
  const told = new Set(found.map(({ pointer }) => pointer));
  // Here for all schemas at once: what no database holds would otherwise be a fault of the database.
  const forbidden = unstorable(withoutAsWritten(schema, input), base);
  const faults = [...found, ...forbidden.filter(({ pointer }) => !told.has(pointer))];
  if (result.success && faults.length === 0) return result.data;
  throw new Problem('Invalid', { faults });
}

function faultsOf(issues: readonly Issue[], input: unknown, base: string): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const path = issue.path.map(String);
    const pointer = base + path.map((part) => `/${escapePointer(part)}`).join('');
    const inner = unionIssues(issue);
    if (inner) return faultsOf(inner, valueAt(input, path), pointer);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: `${pointer}/${escapePointer(key)}`, code: 'UnknownMember' }));
    }
    const code = codeOf(issue, valueAt(input, path));
    const wanted = code === 'WrongType' && issue.code === 'invalid_type' ? { params: { kind: issue.expected } } : {};
    return [{ pointer, code, ...wanted }];
  });
}

/** Of a union, what is wrong with the one alternative that what was sent has the type of; nothing where there are more. */
function unionIssues(issue: Issue): readonly Issue[] | undefined {
  if (issue.code !== 'invalid_union') return undefined;
  const isOther = ({ path, code }: Issue): boolean =>
    path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
  const near = issue.errors.filter((one) => one.length > 0 && !one.some(isOther));
  return near.length === 1 ? near[0] : undefined;
}

function codeOf(issue: Issue, value: unknown): string {
  // Empty text where something else belongs is a field that was left empty.
  if (value === undefined || (value === '' && issue.code === 'invalid_type')) return 'Required';
  switch (issue.code) {
    case 'invalid_type':
      return 'WrongType';
    case 'too_small':
      return 'TooShort';
    case 'too_big':
      return 'TooLong';
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return 'Malformed';
    case 'invalid_value':
    case 'invalid_union':
      return 'NotOffered';
    case 'unrecognized_keys':
      return 'UnknownMember';
    case 'custom':
      return typeof issue.params?.['code'] === 'string' ? issue.params['code'] : 'Malformed';
  }
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  let value: unknown = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
