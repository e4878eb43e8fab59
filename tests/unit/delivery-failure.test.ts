import { failureOf } from '../../activities/transfer/failures.ts';
import { DELIVERY_FAILURES, type DeliveryFailureCode } from '../../domain/delivery-failure.ts';
import { failureSentence } from '../../domain/delivery-failure-text.ts';

describe('the reason of a failed delivery', () => {
  it('has a whole sentence in Chinese and English for every code', () => {
    for (const code of Object.keys(DELIVERY_FAILURES) as DeliveryFailureCode[]) {
      const params = { columns: 'a', detail: 'b', why: 'c', before: 1, atOnce: 2 };
      expect(failureSentence(code, params, 'zh')).toMatch(/^[\u4e00-\u9fff].*。$/u);
      expect(failureSentence(code, params, 'en')).toMatch(/^[A-Z].*\.$/u);
      expect(failureSentence(code, params, 'en')).not.toContain('{');
    }
  });

  it.each([
    ['57P01', 'source', 'SourceDown'],
    ['08006', 'target', 'TargetDown'],
    ['ECONNREFUSED', 'source', 'SourceDown'],
    ['ENOENT', 'target', 'TargetDown'],
    ['53300', 'target', 'TargetDown'],
    ['55P03', 'target', 'TargetInUse'],
    ['40P01', 'source', 'SourceInUse'],
    ['53100', 'source', 'DiskFull'],
    ['42703', 'source', 'SourceChanged'],
    ['42P01', 'source', 'SourceChanged'],
    ['42703', 'target', 'Unknown'],
    ['28P01', 'source', 'AccessRefused'],
    ['42501', 'target', 'AccessRefused'],
    ['3D000', 'target', 'AccessRefused'],
    ['22001', 'target', 'TooLong'],
    ['22P02', 'target', 'TypeMismatch'],
    ['2BP01', 'target', 'TargetDependedOn'],
    ['57014', 'source', 'Cancelled'],
    ['XX000', 'source', 'Unknown'],
  ] as const)('that PostgreSQL or the network calls %s on the side of the %s is %s', (code, side, expected) => {
    const failure = failureOf(Object.assign(new Error('said so'), { code }), side);
    expect(failure).toMatchObject({ code: expected, retryable: DELIVERY_FAILURES[expected].retryable });
    expect(failureOf(failure, 'target')).toBe(failure);
  });

  it('is looked for in each address that a host has, and in the words of a connection that was lost', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(failureOf(new AggregateError([refused]), 'source').code).toBe('SourceDown');
    expect(failureOf(new Error('Connection terminated unexpectedly'), 'target').code).toBe('TargetDown');
    expect(failureOf('nonsense', 'target').code).toBe('Unknown');
  });
});
