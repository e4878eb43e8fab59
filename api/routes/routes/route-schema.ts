import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import type { Route } from '../../../domain/route.ts';
import type { RouteBody } from '../../../store/route-drafts.ts';
import { text } from '../../schema.ts';

// Only what a route is made of is checked here, so that a draft may be kept with faults. What is wrong with it as a route
// is told by domain/route-check.ts, which is asked before it is published.
const number = z.number().int().min(-1_000_000).max(1_000_000);
const blockId = text(1, 60);

const limit = z
  .strictObject({
    kind: text(1, 60).meta({ description: 'What it is a limit for: `reply`, `delivery`, or a name of one’s own.' }),
    legal: number.meta({ description: 'Working days by law.' }),
    from: text(1, 60)
      .exactOptional()
      .meta({ description: 'The date of the form that is day 0; absent: the day it begins.' }),
    promise: number.exactOptional().meta({ description: 'The shorter limit that the place promises.' }),
    onSupplement: z.enum(['restart', 'pause', 'run-on']),
    extension: number.exactOptional().meta({ description: 'The most working days by which it may be extended, once.' }),
    remind: z.array(number).max(10).exactOptional().meta({ description: 'Working days before it runs out.' }),
    onOverdue: z.literal('escalate').exactOptional(),
  })
  .meta({ id: 'Limit' });

const seat = z
  .strictObject({
    role: z.enum(ROLES),
    department: text(1, 100).meta({ description: '`requester`, `provider`, or the id of a department.' }),
    each: z.boolean().exactOptional().meta({ description: 'A seat for every holder of the role.' }),
  })
  .meta({ id: 'SeatSpec' });

const rule = z.union([
  z.enum(['any', 'all', 'sequential']),
  z.strictObject({ vote: z.strictObject({ num: number, den: number }) }),
]);

const clock = limit.exactOptional();

const stage = z
  .strictObject({
    kind: z.literal('stage'),
    id: blockId,
    seat: z.union([seat, z.array(seat).max(50)]),
    rule,
    basis: z.array(text(1, 60)).max(60).meta({ description: 'Parts of the form that a signature rests on.' }),
    mayAskSupplement: z.boolean(),
    clock,
    copies: z.array(seat).max(50).exactOptional(),
    mayRepeat: z.boolean().exactOptional(),
  })
  .meta({ id: 'Stage' });

const sequence = z
  .strictObject({
    kind: z.literal('sequence'),
    id: blockId,
    clock,
    get blocks() {
      return z.array(block).max(100);
    },
  })
  .meta({ id: 'Sequence' });

const tiers = z
  .strictObject({
    kind: z.literal('tiers'),
    id: blockId,
    clock,
    get blocks() {
      return z.array(block).max(100);
    },
  })
  .meta({ id: 'Tiers' });

const parallel = z
  .strictObject({
    kind: z.literal('parallel'),
    id: blockId,
    clock,
    get blocks() {
      return z.array(block).max(100);
    },
  })
  .meta({ id: 'Parallel' });

const forEach = z
  .strictObject({
    kind: z.literal('for-each'),
    id: blockId,
    clock,
    over: z.enum(['provider', 'subject']),
    get block() {
      return block;
    },
  })
  .meta({ id: 'ForEach' });

const choice = z
  .strictObject({
    kind: z.literal('choice'),
    id: blockId,
    clock,
    get branches() {
      return z.array(z.strictObject({ when: text(1, 2_000), block })).max(50);
    },
    get otherwise() {
      return block.exactOptional();
    },
  })
  .meta({ id: 'Choice' });

const block = z.discriminatedUnion('kind', [stage, sequence, tiers, parallel, forEach, choice]).meta({ id: 'Block' });

const members = {
  root: block,
  delivery: limit.exactOptional(),
  effects: z
    .array(z.enum(['filed', 'approved', 'refused']))
    .max(3)
    .exactOptional()
    .meta({ description: 'At which points the process has something done beside the answers.' }),
  refileWithin: number.exactOptional().meta({ description: 'Days after a refusal in which it may be filed again.' }),
};

/** What a draft says of a route. */
export const routeBody = z.strictObject(members).meta({ id: 'RouteBody' });

/** A route as it is published. */
export const route = z.strictObject({ id: z.string(), version: z.number().int(), ...members }).meta({ id: 'Route' });

type Deep<T> = T extends readonly (infer I)[]
  ? readonly Deep<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Deep<T[K]> }
    : T;
/** As with every member there: an optional one that only one side knows would otherwise go unseen. */
type Whole<T> = T extends readonly (infer I)[]
  ? readonly Whole<I>[]
  : T extends object
    ? { readonly [K in keyof T]-?: Whole<T[K]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;

/** The schema and the domain's own type say the same: this does not compile when they part. */
export const ARE_THE_DOMAINS_TYPES: readonly [
  Same<Deep<z.output<typeof route>>, Route>,
  Same<Whole<z.output<typeof route>>, Whole<Route>>,
  Same<Whole<z.output<typeof routeBody>>, Whole<RouteBody>>,
] = [true, true, true];
