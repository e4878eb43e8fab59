import { type Calendar, isWorkingDay } from '../../domain/calendar.ts';
import type { CaseEvent } from '../../domain/case.ts';

/** A visit as somebody would write it down who only reads the events, one after another. */
export interface Account {
  readonly department: string;
  readonly stage: string;
  openedAt: string;
  closedAt?: string;
  answers: { seat: number; at: string }[];
  dueOn?: string;
  promisedOn?: string;
  hasPassed: boolean;
  returns: number;
  /** Full hours of working days. */
  hours: number;
}

interface Book {
  readonly visit: Account;
  readonly open: Set<number>;
  readonly superseded: Set<number>;
}

interface StageBook {
  readonly departments: Map<string, Book>;
  isParked: boolean;
  isDecided: boolean;
  isAsking: boolean;
}

/** The one clock of the played route covers every stage but the requester's. */
const isUnderClock = (stage: string): boolean => stage !== 'requester-lead';

/** Reads the events of one played case; full hours are counted one by one. Knows nothing of the kernel's states. */
export function accountOf(events: readonly CaseEvent[]): Account[] {
  const [filed] = events;
  if (filed?.type !== 'filed') throw new Error('A case begins with its filing');
  const all: Account[] = [];
  const stages = new Map<string, StageBook>();
  const runs = new Map<Book, string>();
  let clock: { dueOn: string; promisedOn: string | undefined; isStopped: boolean } | undefined;
  let isSuspended = false;
  for (const event of events) {
    const book = 'stage' in event && event.stage !== undefined ? stages.get(event.stage) : undefined;
    if (isCounted(event)) note(event, book);
    settle(event.at);
  }
  return all;

  function note(event: Counted, book: StageBook | undefined): void {
    switch (event.type) {
      case 'stageEntered': {
        const fresh = { departments: new Map(), isParked: false, isDecided: false, isAsking: false };
        stages.set(event.stage, fresh);
        return seat(fresh, { stage: event.stage, department: event.seat.department, id: 1, at: event.at });
      }
      case 'seatOpened':
        return (
          book && seat(book, { stage: event.stage, department: event.for.department, id: event.seat, at: event.at })
        );
      case 'answered': {
        const own = book?.departments.get(event.capacity.department);
        own?.open.delete(event.seat ?? 1);
        own?.visit.answers.push({ seat: event.seat ?? 1, at: event.at });
        return;
      }
      case 'answerTakenBack': {
        const own = book?.departments.get(event.capacity.department);
        if (!book || !own) return;
        own.open.add(event.seat ?? 1);
        own.visit.answers = own.visit.answers.filter(({ seat: id }) => id !== (event.seat ?? 1));
        if (book.isDecided)
          for (const { open, superseded } of book.departments.values()) superseded.forEach((id) => open.add(id));
        book.isDecided = false;
        return;
      }
      case 'stageDecided':
        if (book) {
          for (const { open, superseded } of book.departments.values()) {
            superseded.clear();
            open.forEach((id) => superseded.add(id));
            open.clear();
          }
          Object.assign(book, { isDecided: true, isAsking: false });
        }
        return;
      case 'signatureLapsed':
        book?.departments.forEach(({ open, superseded }) => [open, superseded].forEach((seats) => seats.clear()));
        return;
      case 'stageParked':
        return void (book && Object.assign(book, { isParked: true, isAsking: false }));
      case 'stageResumed':
        return void (book && Object.assign(book, { isParked: false }));
      case 'supplementAsked':
        return void (book && Object.assign(book, { isAsking: true }));
      case 'supplemented':
        return void (book && Object.assign(book, { isAsking: false }));
      case 'returned': {
        const own = book?.departments.get(event.capacity.department);
        if (own) own.visit.returns += 1;
        if (book) book.isAsking = false;
        if (event.to === 'applicant') for (const one of stages.values()) one.isAsking = false;
        return;
      }
      case 'suspended':
      case 'resumed':
        isSuspended = event.type === 'suspended';
        return;
      case 'ended':
        isSuspended = false;
        for (const one of stages.values()) {
          one.isAsking = false;
          for (const { open } of one.departments.values()) open.clear();
        }
        return;
      case 'clockMoved':
        if (event.clock === 'provider') {
          clock = { dueOn: event.dueOn, promisedOn: event.promisedOn, isStopped: event.why === 'stopped' };
        }
        return;
      case 'limitPassed':
        for (const [id, { departments }] of stages) {
          if (event.clock !== 'provider' || !isUnderClock(id)) continue;
          for (const { visit, open } of departments.values()) if (open.size > 0) visit.hasPassed = true;
        }
        return;
    }
  }

  function seat(
    book: StageBook,
    { stage, department, id, at }: { stage: string; department: string; id: number; at: string },
  ) {
    const known = book.departments.get(department);
    if (known) return void known.open.add(id);
    const visit: Account = { department, stage, openedAt: at, answers: [], hasPassed: false, returns: 0, hours: 0 };
    all.push(visit);
    book.departments.set(department, { visit, open: new Set([id]), superseded: new Set() });
  }

  /** Whose turn it is now, and since when; who is done; what is due. */
  function settle(at: string): void {
    for (const [id, { departments, isParked, isAsking }] of stages) {
      for (const book of departments.values()) {
        const { visit, open } = book;
        const isRunning = open.size > 0 && !isParked && !isAsking && !isSuspended;
        const since = runs.get(book);
        if (since !== undefined && !isRunning) {
          visit.hours += hoursBetween(calendarOf(filed), since, at);
          runs.delete(book);
        }
        if (isRunning && since === undefined) runs.set(book, at);
        if (open.size === 0) visit.closedAt ??= at;
        else delete visit.closedAt;
        if (open.size > 0 && clock && !clock.isStopped && isUnderClock(id)) {
          visit.dueOn = clock.dueOn;
          if (clock.promisedOn !== undefined) visit.promisedOn = clock.promisedOn;
        }
      }
    }
  }
}

function calendarOf(filed: CaseEvent | undefined): Calendar {
  if (filed?.type !== 'filed') throw new Error('A case begins with its filing');
  return filed.calendar;
}

export function hoursBetween(calendar: Calendar, from: string, to: string): number {
  const hour = 3_600_000;
  let hours = 0;
  for (let at = Date.parse(from); at < Date.parse(to); at += hour) {
    if (isWorkingDay(calendar, new Date(at + 8 * hour).toISOString().slice(0, 10))) hours += 1;
  }
  return hours;
}

const COUNTED = [
  'stageEntered',
  'seatOpened',
  'answered',
  'answerTakenBack',
  'stageDecided',
  'signatureLapsed',
  'stageParked',
  'stageResumed',
  'supplementAsked',
  'supplemented',
  'returned',
  'suspended',
  'resumed',
  'ended',
  'clockMoved',
  'limitPassed',
] as const;
type Counted = Extract<CaseEvent, { type: (typeof COUNTED)[number] }>;

function isCounted(event: CaseEvent): event is Counted {
  return (COUNTED as readonly string[]).includes(event.type);
}
