import { Problem } from '../../api/problem.ts';
import { publicLimit } from '../../api/public-limit.ts';

test('an address asks so often in a span, is told when it may ask again, and may then; others are not held up by it', () => {
  let at = 1_000;
  const limit = publicLimit({ most: 2, spanMs: 60_000, now: () => at });
  limit.admit('a');
  limit.admit('a');
  at += 15_000;
  const refusal = (() => {
    try {
      limit.admit('a');
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(refusal).toBeInstanceOf(Problem);
  expect(refusal).toMatchObject({ code: 'TooManyRequests', status: 429, retryAfter: 45 });
  expect(() => limit.admit('b')).not.toThrow();
  at += 45_000;
  expect(() => limit.admit('a')).not.toThrow();
});
