import type { Drawing, Placed, Sheet } from './drawing.ts';
import { around, connect, over } from './lines.ts';
import { EVENT, GAP, gapOf, GATEWAY, LANE, MARGIN, PADDING, ROW_GAP, sizeOf, TASK } from './measures.ts';
import type { DiagramWords, ForkShape, LoopShape, RowShape, Shape, TiersShape } from './shape.ts';

/** Where one comes into a part and where one leaves it; a part with nothing in it has neither. */
interface Ends {
  readonly first: Placed;
  readonly last: Placed;
}

/** Everything in its place: sequences go to the right, what is side by side goes down, by recursion over the blocks. */
export function layOut(shape: Shape, words: DiagramWords): Drawing {
  const sheet: Sheet = { nodes: [], flows: [] };
  const { axis } = sizeOf(shape);
  const y = MARGIN + Math.max(axis, EVENT / 2);
  const start = put(
    sheet,
    { id: 'Start', kind: 'startEvent', name: words.filed, isTaken: true },
    { x: MARGIN, axis: y },
  );
  const ends = place(shape, { x: MARGIN + EVENT + GAP, axis: y, sheet, isTaken: true, words });
  const before = ends?.last ?? start;
  const x = before.x + before.width + GAP;
  const end = put(sheet, { id: 'End', kind: 'endEvent', name: words.ended, isTaken: true }, { x, axis: y });
  if (ends) connect(sheet, start, ends.first);
  connect(sheet, before, end);
  return sheet;
}

interface Spot {
  readonly x: number;
  /** The height of the line. */
  readonly axis: number;
  readonly sheet: Sheet;
  readonly isTaken: boolean;
  readonly words: DiagramWords;
}

function place(shape: Shape, spot: Spot): Ends | undefined {
  switch (shape.kind) {
    case 'task': {
      const { id, name, isAutomatic } = shape;
      const own = isAutomatic
        ? ({ id: `Effect_${plain(id)}`, kind: 'serviceTask', name } as const)
        : ({ id: `Stage_${plain(id)}`, kind: 'userTask', name, stage: id } as const);
      const box = put(spot.sheet, { ...own, isTaken: spot.isTaken }, spot);
      return { first: box, last: box };
    }
    case 'row':
      return placeRow(shape, spot);
    case 'tiers':
      return placeTiers(shape, spot);
    case 'loop':
      return placeLoop(shape, spot);
    case 'fork':
      return placeFork(shape, spot);
  }
}

function placeRow({ parts }: RowShape, spot: Spot): Ends | undefined {
  let { x } = spot;
  let ends: Ends | undefined;
  for (const part of parts) {
    const next = place(part, { ...spot, x });
    if (!next) continue;
    if (ends) connect(spot.sheet, ends.last, next.first, { isTaken: spot.isTaken });
    ends = { first: ends?.first ?? next.first, last: next.last };
    x = next.last.x + next.last.width + GAP;
  }
  return ends;
}

/** Whoever agrees is the last to be asked: the way from there goes past the others, above them. */
function placeTiers(shape: TiersShape, spot: Spot): Ends | undefined {
  const { sheet, isTaken, axis, words } = spot;
  const top = axis - sizeOf(shape).axis + LANE / 3;
  const asked: { readonly part: Ends; readonly gateway: Placed | undefined }[] = [];
  let { x } = spot;
  for (const [nth, part] of shape.parts.entries()) {
    const ends = place(part, { ...spot, x });
    if (!ends) continue;
    const before = asked.at(-1)?.gateway;
    if (before) connect(sheet, before, ends.first, { isTaken, after: 'rejected' });
    x = ends.last.x + ends.last.width + GAP;
    const isLast = nth === shape.parts.length - 1;
    const id = `Ask_${plain(shape.id)}_${nth}`;
    const gateway = isLast ? undefined : put(sheet, { id, kind: 'exclusiveGateway', isTaken }, { x, axis });
    if (gateway) connect(sheet, ends.last, gateway, { isTaken });
    asked.push({ part: ends, gateway });
    if (gateway) x += GATEWAY + GAP;
  }
  const [first] = asked;
  const last = asked.at(-1);
  if (!first || !last) return undefined;
  const join = put(sheet, { id: `Join_${plain(shape.id)}`, kind: 'exclusiveGateway', isTaken }, { x, axis });
  for (const { part, gateway } of asked) {
    if (!gateway) connect(sheet, part.last, join, { isTaken });
    else sheet.flows.push(over(gateway, join, { top, name: words.agreed, isTaken }));
  }
  return { first: first.part.first, last: join };
}

function placeLoop({ id, name, inner }: LoopShape, spot: Spot): Ends {
  const { width, height, axis } = sizeOf({ kind: 'loop', id, name, inner });
  const sheet: Sheet = { nodes: [], flows: [] };
  place(inner, { ...spot, sheet, x: spot.x + PADDING });
  const own = { id: `Each_${plain(id)}`, kind: 'subProcess', name, isTaken: spot.isTaken, inner: sheet } as const;
  const box: Placed = { ...own, x: spot.x, y: spot.axis - axis, width, height };
  spot.sheet.nodes.push(box);
  return { first: box, last: box };
}

function placeFork(shape: ForkShape, spot: Spot): Ends {
  const { sheet, axis, isTaken } = spot;
  const { width, height } = sizeOf(shape);
  const kind = shape.gateway === 'parallel' ? 'parallelGateway' : 'exclusiveGateway';
  const split = put(sheet, { id: `Split_${plain(shape.id)}`, kind, isTaken }, spot);
  const joinX = spot.x + width - GATEWAY;
  const join = put(sheet, { id: `Join_${plain(shape.id)}`, kind, isTaken }, { x: joinX, axis });
  let top = axis - height / 2;
  for (const [nth, branch] of shape.branches.entries()) {
    const size = sizeOf(branch.shape);
    const own = { isTaken: isTaken && branch.isTaken, ...(branch.name === undefined ? {} : { name: branch.name }) };
    const at = { ...spot, x: spot.x + GATEWAY + gapOf(shape), axis: top + size.axis, isTaken: own.isTaken };
    const ends = place(branch.shape, at);
    if (ends) {
      connect(sheet, split, ends.first, own);
      connect(sheet, ends.last, join, { isTaken: own.isTaken });
    } else {
      const id = `Flow_${split.id}_${nth}`;
      sheet.flows.push({ id, from: split.id, to: join.id, points: around(split, join, at.axis), ...own });
    }
    top += size.height + ROW_GAP;
  }
  return { first: split, last: join };
}

/** A node by its left edge and the line that goes through its middle. */
function put(
  sheet: Sheet,
  node: Pick<Placed, 'id' | 'kind' | 'isTaken'> & Partial<Pick<Placed, 'name' | 'stage'>>,
  { x, axis }: { readonly x: number; readonly axis: number },
): Placed {
  const { width, height } = measureOf(node.kind);
  const placed: Placed = { ...node, x, y: axis - height / 2, width, height };
  sheet.nodes.push(placed);
  return placed;
}

function measureOf(kind: Placed['kind']): { readonly width: number; readonly height: number } {
  if (kind === 'userTask' || kind === 'serviceTask') return TASK;
  const side = kind === 'startEvent' || kind === 'endEvent' ? EVENT : GATEWAY;
  return { width: side, height: side };
}

/** An id as XML takes it: what it does not take is written as its code, so that no two become the same. */
function plain(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9.-]/g, (letter) => `_${letter.codePointAt(0)?.toString(16)}_`);
}
