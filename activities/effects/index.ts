import type { Knex } from 'knex';
import type { CaseEvent, CaseState } from '../../domain/case.ts';
import type { Command, SystemAction, WholeCaseAction } from '../../domain/case-command.ts';
import type { GrantPersonAction, OpenAction } from '../../domain/kernel/grant.ts';
import type { Actor } from '../../domain/language.ts';
import type { EffectPoint } from '../../domain/route.ts';
import { stateOf } from '../../store/cases.ts';
import { untilStopped } from '../until-stopped.ts';
import { correctionEffects } from './correction.ts';
import { disposalEffects } from './disposal.ts';
import { driftEffects } from './drift.ts';
import { misuseEffects } from './misuse.ts';
import { publicationEffects } from './publication.ts';

/** Orders to running cases and grants. One that is not possible any more, as they are over, is passed over. */
export interface Orders {
  toGrant(grantId: string, command: Command<GrantPersonAction>): Promise<void>;
  /** Starts the workflow of a grant with its first command, which is recorded already; once, however often it is asked. */
  beginGrant(grantId: string, begin: Command<OpenAction>): Promise<void>;
  toCase(one: { readonly process: string; readonly caseId: string }, command: Command<CaseOrder>): Promise<void>;
}

/** What the platform notes in a case, or has done there in the name of the authority. */
type CaseOrder = SystemAction | Extract<WholeCaseAction, { action: 'terminate' }>;

/** What an effect knows: the case as it stands, and who brought it to this point. */
export interface EffectCall {
  readonly knex: Knex;
  readonly orders: Orders;
  readonly state: CaseState;
  /** Who filed, or who gave the answer that decided, as they could act then; and when. */
  readonly by: Actor;
  readonly at: string;
  /** The same whenever the effect is tried again: orders are given under it once. */
  readonly key: string;
}

/** What a process has done beside the answers, each idempotent by its key. */
export type Effects = Readonly<Partial<Record<EffectPoint, (call: EffectCall) => Promise<void>>>>;

const EFFECTS: Readonly<Record<string, Effects>> = {
  correction: correctionEffects,
  disposal: disposalEffects,
  drift: driftEffects,
  misuse: misuseEffects,
  publication: publicationEffects,
};

export interface EffectInput {
  readonly process: string;
  readonly caseId: string;
  readonly point: EffectPoint;
}

/** Carries out what a process does at a point of its route. `more` are those of processes that a place has of its own. */
export function createEffects(
  { knex, orders }: { readonly knex: Knex; readonly orders: Orders },
  more: Readonly<Record<string, Effects>> = {},
): (input: EffectInput) => Promise<void> {
  return async ({ process, caseId, point }) => {
    const run = (more[process] ?? EFFECTS[process])?.[point];
    // Tried again until a worker of a version that has it takes over.
    if (!run) throw new Error(`Process ${process} has no effect at ${point}`);
    const state = await stateOf(knex, caseId);
    if (!state) throw new Error(`Case ${caseId} is not recorded yet`);
    const { event } = await deciding(knex, caseId, point);
    const by: Actor = { person: event.actor, department: event.capacity.department, roles: [event.capacity.role] };
    await untilStopped(run({ knex, orders, state, by, at: event.at, key: `${caseId}:${point}` }));
  };
}

type Signed = Extract<CaseEvent, { type: 'filed' | 'answered' }>;

/** The filing, or the latest answer. */
async function deciding(knex: Knex, caseId: string, point: EffectPoint): Promise<{ readonly event: Signed }> {
  const type = point === 'filed' ? 'filed' : 'answered';
  const row = await knex('events')
    .where({ stream_id: caseId })
    .whereRaw(`event->>'type' = ?`, [type])
    .orderBy('seq', 'desc')
    .first<{ event: Signed } | undefined>('event');
  if (!row) throw new Error(`Case ${caseId} has no ${type}`);
  return row;
}
