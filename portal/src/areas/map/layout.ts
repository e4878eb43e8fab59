import type { MapLink, MapPoint } from './model.ts';

export const WIDTH = 840;
export const HEIGHT = 560;
const CENTRE = { x: WIDTH / 2, y: HEIGHT / 2 + 6 };
const RADII = { x: 290, y: 205 };
/** Of the ring that stands for a point; of its line. */
export const RING = 17;
export const RING_LINE = 6;
const LABEL_AWAY = 33;

export interface Placed {
  readonly point: MapPoint;
  readonly x: number;
  readonly y: number;
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'middle' | 'end' };
}

export interface Drawn {
  readonly link: MapLink;
  readonly path: string;
  /** Of the line, by how many grants it stands for. */
  readonly width: number;
}

/** Points on an ellipse in their order, clockwise from the top: the same map looks the same every time. */
export function placed(points: readonly MapPoint[]): Placed[] {
  return points.map((point, at) => {
    const angle = (at / Math.max(1, points.length)) * 2 * Math.PI - Math.PI / 2;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [x, y] = [CENTRE.x + RADII.x * cos, CENTRE.y + RADII.y * sin];
    const isAside = Math.abs(cos) > 0.3;
    const away = isAside ? 0 : sin < 0 ? -LABEL_AWAY - 12 : LABEL_AWAY + 8;
    return {
      point,
      x: round(x),
      y: round(y),
      label: {
        x: round(isAside ? x + Math.sign(cos) * LABEL_AWAY : x),
        y: round(y + away),
        anchor: isAside ? (cos > 0 ? 'start' : 'end') : 'middle',
      },
    };
  });
}

/** Links as curves that bend to the middle, those to and fro apart from each other; the thinnest first, so that it is covered last. */
export function drawn(links: readonly MapLink[], places: readonly Placed[]): Drawn[] {
  const byId = new Map(places.map((one) => [one.point.id, one]));
  const most = Math.max(1, ...links.map(({ grants }) => grants));
  return links
    .flatMap((link): Drawn[] => {
      const [from, to] = [byId.get(link.from), byId.get(link.to)];
      return from && to && from !== to
        ? [{ link, path: curve(from, to), width: round(1.5 + 4 * Math.sqrt(link.grants / most)) }]
        : [];
    })
    .toSorted((one, other) => one.width - other.width);
}

function curve(from: Placed, to: Placed): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  const side = { x: (-dy / length) * 16, y: (dx / length) * 16 };
  const bend = { x: (from.x + to.x + CENTRE.x) / 3 + side.x, y: (from.y + to.y + CENTRE.y) / 3 + side.y };
  const start = towards(from, bend, RING + RING_LINE);
  const end = towards(to, bend, RING + RING_LINE + 5);
  return `M${start.x} ${start.y}Q${round(bend.x)} ${round(bend.y)} ${end.x} ${end.y}`;
}

function towards(from: { x: number; y: number }, to: { x: number; y: number }, by: number): { x: number; y: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: round(from.x + ((to.x - from.x) / length) * by), y: round(from.y + ((to.y - from.y) / length) * by) };
}

/** How much of a ring is supply: a length of its line, and the rest. */
export function ringOf({ supply, demand }: MapPoint): { readonly part: number; readonly whole: number } {
  const whole = 2 * Math.PI * RING;
  const all = supply + demand;
  return { part: round(all === 0 ? 0 : (supply / all) * whole), whole: round(whole) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
