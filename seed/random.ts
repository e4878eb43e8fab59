/** Numbers that look random and are the same on every machine: the synthetic rows of a seed never change. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  digits(count: number): string;
}

/**
 * One generator for each (seed, index), so that row `index` is the same however many rows are made. The mixing is that of
 * splitmix32.
 */
export function randomOf(seed: number, index: number): Random {
  let state = mix(seed ^ Math.imul(index + 1, 0x9e3779b1));
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new RangeError('Nothing to pick from');
      return picked;
    },
    digits: (count) => Array.from({ length: count }, () => below(10)).join(''),
  };
}

function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/**
 * A number from 0 to `size` - 1 that no other index below `size` gets, scattered. `step` has no common factor with `size`.
 * Exact while `index * step` stays below 2^53.
 */
export function scattered(index: number, step: number, size: number): number {
  return (index * step + 104_729) % size;
}
