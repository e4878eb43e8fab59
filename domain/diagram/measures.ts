import type { ForkShape, Shape } from './shape.ts';

/** All measures are pixels at zoom 1; a box has room for three lines of 12 px. */
export const TASK = { width: 184, height: 68 } as const;
export const GATEWAY = 36;
export const EVENT = 32;
export const GAP = 40;
/** Before a branch with a condition written on it. */
export const NAMED_GAP = 132;
export const ROW_GAP = 14;
export const BARE = 16;
export const PADDING = 24;
/** Above tiers, for the way past those that are not needed. */
export const LANE = 30;
export const MARGIN = 12;

/** How much room a part of a route takes. */
export interface Size {
  readonly width: number;
  readonly height: number;
  /** Where the line comes in and goes out, from the top. */
  readonly axis: number;
}

export function sizeOf(shape: Shape): Size {
  switch (shape.kind) {
    case 'task':
      return { ...TASK, axis: TASK.height / 2 };
    case 'row':
      return rowSize(shape.parts.map(sizeOf), GAP);
    case 'tiers': {
      const parts = rowSize(shape.parts.map(sizeOf), GAP + GATEWAY + GAP);
      return { width: parts.width + GAP + GATEWAY, height: parts.height + LANE, axis: parts.axis + LANE };
    }
    case 'loop': {
      const { width, height, axis } = sizeOf(shape.inner);
      return { width: width + 2 * PADDING, height: height + 3 * PADDING, axis: axis + 2 * PADDING };
    }
    case 'fork': {
      const sizes = shape.branches.map((branch) => sizeOf(branch.shape));
      const height = sizes.reduce((sum, size) => sum + size.height, ROW_GAP * (sizes.length - 1));
      const widest = Math.max(...sizes.map(({ width }) => width));
      return { width: GATEWAY + gapOf(shape) + widest + GAP + GATEWAY, height, axis: height / 2 };
    }
  }
}

function rowSize(parts: readonly Size[], gap: number): Size {
  const full = parts.filter(({ width }) => width > 0);
  if (full.length === 0) return { width: 0, height: BARE, axis: BARE / 2 };
  const axis = Math.max(...full.map((part) => part.axis));
  const below = Math.max(...full.map((part) => part.height - part.axis));
  const width = full.reduce((sum, part) => sum + part.width, gap * (full.length - 1));
  return { width, height: axis + below, axis };
}

/** From a fork to its branches. */
export function gapOf({ branches }: ForkShape): number {
  return branches.some(({ name }) => name !== undefined) ? NAMED_GAP : GAP;
}
