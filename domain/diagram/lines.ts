import type { Box, Flow, Placed, Point, Sheet } from './drawing.ts';

/** Draws a line from one node to another. */
export function connect(
  sheet: Sheet,
  from: Placed,
  to: Placed,
  more: Partial<Pick<Flow, 'name' | 'after' | 'isTaken'>> = {},
): void {
  const flow = { id: `Flow_${from.id}_${to.id}`, from: from.id, to: to.id, isTaken: true, ...more };
  sheet.flows.push({ ...flow, points: between(from, to) });
}

/** From a fork down or up to the branch and then along it; from a branch along and then to where they join. */
function between(from: Placed, to: Placed): Point[] {
  const [start, end] = [lineOf(from), lineOf(to)];
  const [right, left] = [
    { x: from.x + from.width, y: start.y },
    { x: to.x, y: end.y },
  ];
  if (start.y === end.y) return [right, left];
  if (from.kind.endsWith('Gateway')) return [edgeTowards(from, end.y), { x: start.x, y: end.y }, left];
  return [right, { x: end.x, y: start.y }, edgeTowards(to, start.y)];
}

function edgeTowards(box: Box, y: number): Point {
  const { x, y: middle } = middleOf(box);
  return { x, y: y < middle ? box.y : box.y + box.height };
}

/** Where lines meet a node: its middle; of a subprocess, the height of the line inside it. */
function lineOf(node: Placed): Point {
  const [inner] = node.inner?.nodes ?? [];
  return inner ? { x: node.x + node.width / 2, y: middleOf(inner).y } : middleOf(node);
}

function middleOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

/** A way past others, above them. */
export function over(
  from: Placed,
  to: Placed,
  { top, name, isTaken }: { top: number; name: string; isTaken: boolean },
): Flow {
  const [start, end] = [middleOf(from), middleOf(to)];
  const points = [
    { x: start.x, y: from.y },
    { x: start.x, y: top },
    { x: end.x, y: top },
    { x: end.x, y: to.y },
  ];
  return { id: `Flow_${from.id}_${to.id}`, from: from.id, to: to.id, points, name, after: 'approved', isTaken };
}

/** A way with nothing on it, at a height of its own. */
export function around(split: Placed, join: Placed, y: number): Point[] {
  const [from, to] = [middleOf(split), middleOf(join)];
  if (from.y === y)
    return [
      { x: split.x + split.width, y },
      { x: join.x, y },
    ];
  const [start, end] = [edgeTowards(split, y), edgeTowards(join, y)];
  return [start, { x: from.x, y }, { x: to.x, y }, end];
}
