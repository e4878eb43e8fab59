import { dayOf } from '../../lib/dates.ts';
import { grouped } from '../../lib/group.ts';

/** One event on the strip. */
export interface Mark {
  readonly seq: number;
  /** From the left, in per cent. */
  readonly x: number;
  readonly isAutomatic: boolean;
  readonly label: string;
  /** The line above the strip that its label stands on, and where its middle is; absent: there is no room for it. */
  readonly line?: number;
  readonly labelX?: number;
}

/** A stretch of days: one on which something happened, or several on which nothing did, folded. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly workingDays: number;
  readonly kind: 'day' | 'off' | 'idle';
  readonly isHoliday: boolean;
  readonly isMakeUp: boolean;
  /** There is room for its name. */
  readonly isNamed: boolean;
  /** In per cent. */
  readonly x: number;
  readonly width: number;
}

interface Happened {
  readonly seq: number;
  readonly at: string;
  readonly isAutomatic: boolean;
  readonly label: string;
}

interface Days {
  readonly holidays: ReadonlySet<string>;
  readonly makeUpDays: ReadonlySet<string>;
}

type Folded = Omit<Stretch, 'x' | 'width' | 'isNamed'>;

const DAY_MS = 86_400_000;
/** So many stretches are told apart; in a longer case all that lies between two days is one. */
const MOST = 16;
/** The width that labels are laid out for, and of one character, in pixels. */
const WIDTH = 1_180;
const CHARACTER = 13;
export const LINES = 3;
/** What the name of a stretch takes, in pixels: of one day, and of several. */
const NAME = { day: 52, off: 70, idle: 112 } as const;

export interface TimeStrip {
  readonly marks: readonly Mark[];
  readonly stretches: readonly Stretch[];
  /** How many lines the labels take, of three at most. */
  readonly lines: number;
}

/** Lays a case out in time: days with events are wide, days without are folded, holidays are told apart. */
export function layOut(events: readonly Happened[], days: Days): TimeStrip {
  const byDay = grouped(events, ({ at }) => dayOf(at));
  // A time that was altered may lie before all others.
  const found = foldedDays([...byDay.keys()].toSorted(), days);
  const folded = found.length > MOST ? between(found) : found;
  const weights = folded.map(({ kind, from }) =>
    kind === 'day' ? 2 + Math.min(byDay.get(from)?.length ?? 0, 12) * 0.7 : 1.3,
  );
  const whole = weights.reduce((sum, one) => sum + one, 0);
  let x = 0;
  const stretches = folded.map((stretch, index): Stretch => {
    const width = ((weights[index] ?? 0) / whole) * 100;
    x += width;
    return { ...stretch, isNamed: (width / 100) * WIDTH >= NAME[stretch.kind], x: x - width, width };
  });
  const marks = stretches.flatMap(({ kind, from, x: left, width }) => {
    const happened = kind === 'day' ? (byDay.get(from) ?? []) : [];
    return happened.map((one, at): Mark => ({ ...one, x: left + (width * (at + 1)) / (happened.length + 1) }));
  });
  const named = labelled(marks);
  return { marks: named, stretches, lines: Math.max(0, ...named.map(({ line = -1 }) => line + 1)) };
}

function foldedDays(withEvents: readonly string[], { holidays, makeUpDays }: Days): Folded[] {
  const [first, last] = [withEvents[0], withEvents.at(-1)];
  if (first === undefined || last === undefined) return [];
  const known = new Set(withEvents);
  const stretches: Folded[] = [];
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) {
    const date = new Date(at).toISOString().slice(0, 10);
    const isMakeUp = makeUpDays.has(date);
    const isHoliday = holidays.has(date);
    const isOff = isHoliday || (!isMakeUp && [0, 6].includes(new Date(at).getUTCDay()));
    const kind = known.has(date) ? 'day' : isOff ? 'off' : 'idle';
    const before = stretches.at(-1);
    const one = { from: date, to: date, days: 1, workingDays: isOff ? 0 : 1, kind, isHoliday, isMakeUp } as const;
    if (before && kind !== 'day' && before.kind === kind) stretches.splice(-1, 1, joined(before, one));
    else stretches.push(one);
  }
  return stretches;
}

function joined(before: Folded, next: Folded): Folded {
  return {
    ...before,
    to: next.to,
    days: before.days + next.days,
    workingDays: before.workingDays + next.workingDays,
    isHoliday: before.isHoliday || next.isHoliday,
  };
}

/** Everything between two days on which something happened as one. */
function between(stretches: readonly Folded[]): Folded[] {
  const all: Folded[] = [];
  for (const one of stretches) {
    const before = all.at(-1);
    if (before && before.kind !== 'day' && one.kind !== 'day')
      all.splice(-1, 1, { ...joined(before, one), kind: 'idle' });
    else all.push(one);
  }
  return all;
}

/** What people did is named above the strip, on the first line that has room for it. */
function labelled(marks: readonly Mark[]): Mark[] {
  const ends = Array.from({ length: LINES }, () => -Infinity);
  return marks.map((mark) => {
    if (mark.isAutomatic) return mark;
    const half = (mark.label.length * CHARACTER) / 2 + 6;
    const middle = Math.max(half, Math.min(WIDTH - half, (mark.x / 100) * WIDTH));
    const line = ends.findIndex((end) => middle - half > end);
    if (line < 0) return mark;
    ends[line] = middle + half;
    return { ...mark, line, labelX: (middle / WIDTH) * 100 };
  });
}
