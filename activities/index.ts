import type { Socket } from 'node:net';
import type { Knex } from 'knex';
import type { CaseState } from '../domain/case.ts';
import type { Journal, StreamKind } from '../domain/journal.ts';
import type { GrantState } from '../domain/kernel/grant.ts';
import type { WorkerMetrics } from '../metrics/worker.ts';
import type { Policies } from '../policies/policy.ts';
import { type Batch, loadJournal, record } from '../store/record.ts';
import { beginGrants } from './begin-grants.ts';
import { createDeliver } from './deliver.ts';
import type { Destinations } from './transfer/file/make.ts';
import { createEffects, type Effects, type Orders } from './effects/index.ts';
import { createRecount } from './recount.ts';
import { createVerify } from './verify-delivery.ts';
import { createReplay, type HistoryKeeper, type Replayer } from './replay.ts';

export interface ActivityDeps {
  readonly knex: Knex;
  readonly policies: Policies;
  readonly secretKey: Uint8Array;
  /** Connects to addresses that a department may name; absent: to any. */
  readonly guardedSocket?: () => Socket;
  /** Where files can go besides the platform itself. */
  readonly destinations?: Destinations;
  readonly histories: HistoryKeeper;
  readonly replayer: Replayer;
  readonly orders: Orders;
  /** Of processes that do not ship. */
  readonly effects?: Readonly<Record<string, Effects>>;
  /** Absent: nothing is counted. */
  readonly metrics?: WorkerMetrics;
}

/** Every side effect that a workflow may ask for, each idempotent by a key in its input. */
export function createActivities(deps: ActivityDeps) {
  const { knex } = deps;
  return {
    async record(batch: Batch): Promise<void> {
      await record(knex, batch);
      await beginGrants(deps, batch);
    },
    loadJournal: (stream: { kind: StreamKind; streamId: string }): Promise<Journal<CaseState | GrantState>> =>
      loadJournal(knex, stream),
    deliver: createDeliver(deps),
    effect: createEffects(deps, deps.effects),
    recount: createRecount(deps),
    replay: createReplay(deps),
    verify: createVerify(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
