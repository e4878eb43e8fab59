import { faultOfCondition } from './condition.ts';
import type { Role } from './language.ts';
import { type Block, blocksIn, type Limit, type Route, seatsOf, type SeatSpec, type Stage, stagesOf } from './route.ts';

/** What is wrong with a route: the block, a stable code, and words that fill its message. */
export interface RouteFault {
  readonly block: string;
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** Who holds a role in a department, as the place is staffed now. `department` is `*` where any will do. */
export type Staffing = (role: Role, department: string) => readonly string[];

/** What a return to whoever asked, and the clock of the first delivery, go by. */
const RESERVED: ReadonlySet<string> = new Set(['applicant', 'delivery']);

/**
 * What is wrong with a route; an empty list means that it may be published. Nesting rules out loops; checked are dead
 * ends, stages that nobody could take (with `staffing`, also under separation of duties), and limits and conditions.
 */
export function faultsOfRoute(route: Route, staffing?: Staffing): RouteFault[] {
  const faults: RouteFault[] = [];
  const seen = new Set<string>();
  const visit = (block: Block, isInEach: boolean): void => {
    const note = (code: string, params?: RouteFault['params']) =>
      faults.push({ block: block.id, code, ...(params ? { params } : {}) });
    if (seen.has(block.id)) note('DuplicateId');
    if (RESERVED.has(block.id)) note('IdReserved', { id: block.id });
    if (!/^[a-z0-9][a-z0-9.-]{0,59}$/.test(block.id)) note('IdUnreadable');
    seen.add(block.id);
    if (block.clock) limitFaults(block.clock).forEach((code) => note(code));
    if (block.kind === 'stage') stageFaults(block).forEach((code) => note(code));
    else if (blocksIn(block).length === 0) note(block.kind === 'sequence' ? 'EmptySequence' : 'EmptyGroup');
    if (block.kind === 'for-each' && isInEach && block.over === 'provider') note('NestedForEach');
    if (block.kind === 'choice') {
      if (!block.otherwise) note('NoOtherwise');
      for (const { when } of block.branches) {
        const why = faultOfCondition(when);
        if (why !== undefined) note('ConditionUnsound', { why });
      }
    }
    blocksIn(block).forEach((inner) => visit(inner, isInEach || block.kind === 'for-each'));
  };
  visit(route.root, false);
  if (route.delivery) limitFaults(route.delivery).forEach((code) => faults.push({ block: 'delivery', code }));
  if (route.refileWithin !== undefined && !isCount(route.refileWithin)) {
    faults.push({ block: route.root.id, code: 'RefileNotPositive' });
  }
  return staffing ? [...faults, ...staffFaults(route, staffing)] : faults;
}

function limitFaults({ legal, promise, extension, remind = [], from, onSupplement }: Limit): string[] {
  return [
    ...(isCount(legal) ? [] : ['LimitNotPositive']),
    ...(promise === undefined || isCount(promise) ? [] : ['PromiseNotPositive']),
    ...(promise !== undefined && promise > legal ? ['PromiseBeyondLaw'] : []),
    ...(extension === undefined || isCount(extension) ? [] : ['ExtensionNotPositive']),
    ...(from !== undefined && onSupplement === 'restart' ? ['RestartsFromDay'] : []),
    ...(remind.every((days) => Number.isInteger(days) && days >= 0 && days < legal) ? [] : ['ReminderOutside']),
  ];
}

function stageFaults(stage: Stage): string[] {
  const { rule } = stage;
  const isVote = typeof rule === 'object';
  return [
    ...(stage.basis.length === 0 ? ['NoBasis'] : []),
    ...(seatsOf(stage).length === 0 ? ['NoSeat'] : []),
    ...(seatsOf(stage).some(isTakenByEach) ? ['SeatTwice'] : []),
    ...(isVote && !isFraction(rule.vote) ? ['VoteNotAFraction'] : []),
  ];
}

/** Whoever could take this seat has one of their own by another `each`, and nobody has two seats of a stage. */
function isTakenByEach({ role, department }: SeatSpec, index: number, all: readonly SeatSpec[]): boolean {
  return all.some((other, at) => at !== index && other.each && other.role === role && other.department === department);
}

/** A vote that passes without any approval, or never, is none. */
function isFraction({ num, den }: { readonly num: number; readonly den: number }): boolean {
  return isCount(num) && isCount(den) && num <= den;
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

/**
 * Whether every seat could be taken. Nobody signs twice, so stages that draw on the same holders need as many of them;
 * stages of different branches of a choice never meet.
 */
function staffFaults(route: Route, staffing: Staffing): RouteFault[] {
  const faults: RouteFault[] = [];
  const needed = new Map<string, number>();
  for (const stage of stagesOf(route.root)) {
    for (const seat of seatsOf(stage)) {
      const department = isParty(seat) ? '*' : seat.department;
      const holders = staffing(seat.role, department);
      const { role } = seat;
      if (holders.length === 0) faults.push({ block: stage.id, code: 'NoAssignee', params: { role, department } });
      if (stage.mayRepeat || seat.each || isParty(seat)) continue;
      const key = `${seat.role} ${department}`;
      needed.set(key, (needed.get(key) ?? 0) + 1);
      if (holders.length > 0 && (needed.get(key) ?? 0) > holders.length && !isInChoice(route.root, stage.id)) {
        faults.push({ block: stage.id, code: 'TooFewHolders', params: { role, department, holders: holders.length } });
      }
    }
  }
  return faults;
}

function isParty({ department }: SeatSpec): boolean {
  return department === 'requester' || department === 'provider';
}

function isInChoice(block: Block, stageId: string, inside = false): boolean {
  if (block.kind === 'stage') return inside && block.id === stageId;
  return blocksIn(block).some((inner) => isInChoice(inner, stageId, inside || block.kind === 'choice'));
}
