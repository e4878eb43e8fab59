import type { Knex } from 'knex';
import { faultOfCondition } from '../domain/condition.ts';
import type { Fault } from '../domain/language.ts';
import { PROCESSES } from '../domain/processes/index.ts';
import { type Block, type Route, seatsOf } from '../domain/route.ts';
import { faultsOfRoute, type RouteFault, type Staffing } from '../domain/route-check.ts';
import { listDepartments } from '../store/departments.ts';
import { holdersOfRoles } from '../store/people.ts';
import type { RouteBody } from '../store/route-drafts.ts';

/** A fault of a route with its place in what was sent. */
export type PlacedFault = Fault & { readonly block: string };

/**
 * Everything that is wrong with a draft of a route as the place is staffed now. Pointers lead into the draft's own body.
 */
export async function faultsOfDraft(db: Knex, routeId: string, body: RouteBody): Promise<PlacedFault[]> {
  const [staffing, departments] = await Promise.all([staffingOf(db), listDepartments(db)]);
  const route = { ...body, id: routeId, version: 1 };
  const known = new Set(departments.map(({ id }) => id));
  return [...placed(route, staffing), ...strangers(route.root, known), ...unstatedDays(route)];
}

/** Limits that count from a date which the form of the process does not have: they would never run. */
function unstatedDays({ id, root, delivery }: Route): PlacedFault[] {
  const fields = PROCESSES.find(({ route }) => route.id === id)?.fields ?? [];
  const dates = fields.filter(({ kind }) => kind === 'date').map((field) => field.id);
  const limits = [...placesIn(root).values()].flat().flatMap(({ block, pointer }) => ({
    block: block.id,
    limit: block.clock,
    pointer: `${pointer}/clock/from`,
  }));
  return [...limits, { block: 'delivery', limit: delivery, pointer: '/delivery/from' }].flatMap((one) => {
    const { block, limit, pointer } = one;
    const from = limit?.from;
    return from === undefined || dates.includes(from) ? [] : [{ block, code: 'DayUnknown', pointer, params: { from } }];
  });
}

/** Copies that would go to departments that there are not. That nobody holds a seat there is said of seats already. */
function strangers(root: Block, known: ReadonlySet<string>): PlacedFault[] {
  return [...placesIn(root).values()].flat().flatMap(({ block, pointer }) => {
    if (block.kind !== 'stage') return [];
    return (block.copies ?? []).flatMap(({ department }, at) => {
      if (isParty(department) || known.has(department)) return [];
      const place = `${pointer}/copies/${at}/department`;
      return [{ block: block.id, code: 'DepartmentUnknown', pointer: place, params: { department } }];
    });
  });
}

function isParty(department: string): boolean {
  return department === 'requester' || department === 'provider';
}

async function staffingOf(db: Knex): Promise<Staffing> {
  const holders = await holdersOfRoles(db);
  return (role, department) => [
    ...new Set(
      holders
        .filter((one) => one.role === role && (department === '*' || one.department === department))
        .map(({ person }) => person),
    ),
  ];
}

export function placed(route: Route, staffing?: Staffing): PlacedFault[] {
  const places = placesIn(route.root);
  const taken = new Map<string, number>();
  return faultsOfRoute(route, staffing).map((fault) => {
    const { block, code, params } = fault;
    // The same fault of the same block again is that of the next block with this id, or of the next of its parts.
    const key = JSON.stringify(fault);
    const nth = taken.get(key) ?? 0;
    taken.set(key, nth + 1);
    return { block, code, pointer: pointerOf(places.get(block) ?? [], fault, nth), ...(params ? { params } : {}) };
  });
}

interface Place {
  readonly block: Block;
  readonly pointer: string;
}

/** Where the blocks of each id are, in route order. */
function placesIn(root: Block): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  const visit = (block: Block, pointer: string): void => {
    places.set(block.id, [...(places.get(block.id) ?? []), { block, pointer }]);
    switch (block.kind) {
      case 'stage':
        return;
      case 'sequence':
      case 'tiers':
      case 'parallel':
        return block.blocks.forEach((inner, at) => visit(inner, `${pointer}/blocks/${at}`));
      case 'for-each':
        return visit(block.block, `${pointer}/block`);
      case 'choice':
        block.branches.forEach((branch, at) => visit(branch.block, `${pointer}/branches/${at}/block`));
        if (block.otherwise) visit(block.otherwise, `${pointer}/otherwise`);
    }
  };
  visit(root, '/root');
  return places;
}

/** Which member a fault is about. */
const MEMBERS: Readonly<Record<string, string>> = {
  IdReserved: '/id',
  SeatTwice: '/seat',
  IdUnreadable: '/id',
  DuplicateId: '/id',
  EmptySequence: '/blocks',
  NestedForEach: '/over',
  NoOtherwise: '/otherwise',
  NoBasis: '/basis',
  NoSeat: '/seat',
  VoteNotAFraction: '/rule/vote',
  NoAssignee: '/seat',
  TooFewHolders: '/seat',
};
const LIMIT_MEMBERS: Readonly<Record<string, string>> = {
  LimitNotPositive: '/legal',
  PromiseNotPositive: '/promise',
  PromiseBeyondLaw: '/promise',
  ExtensionNotPositive: '/extension',
  ReminderOutside: '/remind',
  RestartsFromDay: '/onSupplement',
};

function pointerOf(places: readonly Place[], { code, params }: RouteFault, nth: number): string {
  if (code === 'RefileNotPositive') return '/refileWithin';
  const member = LIMIT_MEMBERS[code];
  const withClock = places.filter(({ block }) => block.clock !== undefined);
  if (member !== undefined) {
    const place = withClock[nth];
    return place ? `${place.pointer}/clock${member}` : `/delivery${member}`;
  }
  if (code === 'ConditionUnsound') return conditionPlaces(places, String(params?.['why']))[nth] ?? '/root';
  if (code === 'NoAssignee' || code === 'TooFewHolders') return seatPlaces(places, params)[nth] ?? '/root';
  const at = code === 'DuplicateId' ? nth + 1 : nth;
  const place = places[at] ?? places.at(-1);
  if (!place) return '/root';
  const isChoice = place.block.kind === 'choice';
  return place.pointer + (code === 'EmptyGroup' ? (isChoice ? '/branches' : '/blocks') : (MEMBERS[code] ?? ''));
}

function conditionPlaces(places: readonly Place[], why: string): string[] {
  return places.flatMap(({ block, pointer }) =>
    block.kind === 'choice'
      ? block.branches.flatMap(({ when }, at) =>
          faultOfCondition(when) === why ? [`${pointer}/branches/${at}/when`] : [],
        )
      : [],
  );
}

function seatPlaces(places: readonly Place[], params: RouteFault['params']): string[] {
  return places.flatMap(({ block, pointer }) => {
    if (block.kind !== 'stage') return [];
    const { seat } = block;
    return seatsOf(block).flatMap(({ role, department }, at) => {
      const asked = isParty(department) ? '*' : department;
      if (role !== params?.['role'] || asked !== params['department']) return [];
      return [Array.isArray(seat) ? `${pointer}/seat/${at}` : `${pointer}/seat`];
    });
  });
}
