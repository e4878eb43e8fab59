/** One figure of a benchmark. Those with a goal decide whether the run passes. */
export interface Measure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
  /** The single runs behind a median, in the order in which they were made. */
  readonly runs?: readonly number[];
}

/** A file `NAME.bench.ts` exports `bench` of this type. Each runs in a process of its own. */
export interface Bench {
  readonly name: string;
  run(say: (line: string) => void): Promise<readonly Measure[]>;
}

export function reached({ value, goal }: Measure): boolean {
  if (goal === undefined) return true;
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new Error('No values, no median');
  return (low + high) / 2;
}

/** The least value that so large a share of all does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
