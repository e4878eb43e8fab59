import type { DataMap, Side } from './queries.ts';

/** What stands on the map: a department, or a theme, which supplies only. */
export interface MapPoint {
  readonly id: string;
  readonly name: string;
  readonly isTheme: boolean;
  readonly supply: number;
  readonly demand: number;
  readonly unused: number;
  readonly openNeeds: number;
  /** Grants in force given and held. */
  readonly given: number;
  readonly held: number;
}

export interface MapLink {
  readonly from: string;
  readonly to: string;
  readonly grants: number;
  readonly entries: number;
}

/** A picture with more is none: the matrix has all of them. */
export const MOST_POINTS = 18;

/** Themes stand beside departments under names of their own. */
const THEME = 'theme:';
export const themeOf = (id: string): string => id.slice(THEME.length);

interface Names {
  readonly department: (one: NonNullable<DataMap['nodes'][number]['department']>) => string;
  readonly departmentById: (id: string) => string;
  /** Of no theme where it is ''. */
  readonly theme: (id: string) => string;
}

/** Points and links of the map; by theme the departments that are supplied are points as well. */
export function modelOf(data: DataMap, { department, departmentById, theme }: Names) {
  const key = (id: string): string => (data.by === 'theme' ? THEME + id : id);
  const own = data.nodes.map((node): MapPoint => ({
    id: key(node.id),
    name: node.department ? department(node.department) : theme(node.id),
    isTheme: data.by === 'theme',
    supply: node.entries,
    demand: (data.by === 'theme' ? node.requests : node.received) + node.openNeeds,
    unused: node.unused,
    openNeeds: node.openNeeds,
    given: node.grants,
    held: node.received,
  }));
  const links = data.edges.map((edge): MapLink => ({ ...edge, from: key(edge.from) }));
  const supplied = data.by === 'theme' ? [...new Set(links.map(({ to }) => to))].toSorted() : [];
  const others = supplied.map((id): MapPoint => {
    const held = links.filter(({ to }) => to === id).reduce((sum, { grants }) => sum + grants, 0);
    const nothing = { supply: 0, unused: 0, openNeeds: 0, given: 0 };
    return { id, name: departmentById(id), isTheme: false, ...nothing, demand: held, held };
  });
  return { points: [...own, ...others], links };
}

/** Those with the most grants, in the order in which they came: the selected one is always among them. */
export function shownPoints(points: readonly MapPoint[], selected: string | undefined): MapPoint[] {
  if (points.length <= MOST_POINTS) return [...points];
  const weight = ({ id, given, held, supply, demand }: MapPoint): number =>
    id === selected ? Infinity : (given + held) * 1_000 + supply + demand;
  const kept = new Set(points.toSorted((one, other) => weight(other) - weight(one)).slice(0, MOST_POINTS));
  return points.filter((point) => kept.has(point));
}

/** Pairs of whom somebody supplies, or is supplied by, the most grants first. */
export function linksOf(links: readonly MapLink[], id: string, side: 'from' | 'to'): MapLink[] {
  return links.filter((link) => link[side] === id).toSorted((one, other) => other.grants - one.grants);
}

export function sideIn(value: unknown): Side {
  return value === 'theme' ? 'theme' : 'department';
}
