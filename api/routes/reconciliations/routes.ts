import { randomUUID } from 'node:crypto';
import { checkReconciliation, type ReconciliationSpec } from '../../../domain/reconciliation/spec.ts';
import { MEDIA_TYPES } from '../../../sheets/write.ts';
import { findEntry } from '../../../store/catalogue.ts';
import { listDifferences } from '../../../store/reconciliation-differences.ts';
import { askForRun, insertReconciliation, listReconciliations } from '../../../store/reconciliations.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { fileReply } from '../catalogue-files/files.ts';
import type { RouteDeps } from '../deps.ts';
import { differencesShown, existing, shown } from './context.ts';
import { differenceRows } from './export.ts';
import { mayRun } from './present.ts';
import {
  differenceList,
  differenceQuery,
  exportQuery,
  newReconciliation,
  reconciliation,
  reconciliationList,
  reconciliationParams,
  reconciliationQuery,
} from './schema.ts';

const READ = { object: 'reconciliation', action: 'read' } as const;
const RUN = { object: 'reconciliation', action: 'run' } as const;
const tag = 'reconciliations';

/** 数据对账: two sources of the same thing held against each other. */
export function reconciliationEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies, reconciling } = deps;

  async function entriesOf({ left, right, explainedBy }: ReconciliationSpec) {
    const [found, other, explaining] = await Promise.all([
      findEntry(db, left.entryId),
      findEntry(db, right.entryId),
      explainedBy ? findEntry(db, explainedBy.entryId) : undefined,
    ]);
    return { left: found, right: other, explaining };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/reconciliations',
      tag,
      summary: 'Reconciliations of the caller’s department’s data, the latest first; the authority sees all',
      access: READ,
      query: reconciliationQuery,
      answers: { 200: reconciliationList },
      async handle(call) {
        const viewer = viewerOf(policies, call.actor, 'reconciliation');
        const page = await listReconciliations(db, viewer, pageRequest('reconciliations', call.query));
        const items = await Promise.all(page.items.map((one) => shown(deps, one, call)));
        return { status: 200, body: presentPage('reconciliations', { ...page, items }, (one) => one) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/reconciliations',
      tag,
      summary: 'Have two entries compared by a key, in the background: by the authority, or the provider of both',
      access: RUN,
      body: newReconciliation,
      answers: { 201: reconciliation },
      async handle(call) {
        const { actor } = call;
        const spec = plain(call.body);
        const entries = await entriesOf(spec);
        const { left, right } = entries;
        // First of all: what is wrong with an entry tells something of it.
        const isTheirs = mayRun(policies, actor, {
          left: left?.provider ?? actor.department,
          right: right?.provider ?? actor.department,
        });
        if (!isTheirs) throw new Problem('NotAllowed');
        const faults = checkReconciliation(spec, entries);
        if (faults.length > 0 || !left || !right) throw new Problem('Invalid', { faults });
        const newId = randomUUID();
        const id = await once(db, call, {
          kind: 'reconciliation',
          action: 'reconcile',
          id: newId,
          work: (trx) =>
            insertReconciliation(trx, {
              id: newId,
              spec,
              left: left.provider,
              right: right.provider,
              createdBy: actor.person,
            }),
        });
        reconciling.wake();
        const body = await shown(deps, await existing(deps, id, call), call);
        return { status: 201, body, headers: { Location: `/api/reconciliations/${id}` } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/reconciliations/:id',
      tag,
      summary: 'How far a reconciliation has come, and what it has counted',
      access: READ,
      params: reconciliationParams,
      answers: { 200: reconciliation },
      async handle(call) {
        return { status: 200, body: await shown(deps, await existing(deps, call.params.id, call), call) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/reconciliations/:id/runs',
      tag,
      summary: 'Compare once more: settlements of what has not changed stay, what has changed is open again',
      access: RUN,
      params: reconciliationParams,
      answers: { 200: reconciliation },
      async handle(call) {
        const one = await existing(deps, call.params.id, call);
        if (!mayRun(policies, call.actor, one)) throw new Problem('NotAllowed');
        await once(db, call, {
          kind: 'reconciliation',
          action: 'run',
          id: one.id,
          async work(trx) {
            if (!(await askForRun(trx, one.id))) throw new Problem('ReconciliationRuns');
          },
        });
        reconciling.wake();
        return { status: 200, body: await shown(deps, await existing(deps, one.id, call), call) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/reconciliations/:id/differences',
      tag,
      summary: 'What the last run found different, in the order of the keys; values that the caller may see',
      access: READ,
      params: reconciliationParams,
      query: differenceQuery,
      answers: { 200: differenceList },
      async handle(call) {
        const { limit, cursor, ...filter } = call.query;
        const one = await existing(deps, call.params.id, call);
        const list = `differences:${one.id}:${filter.kind ?? ''}:${filter.state ?? ''}` as const;
        const page = await listDifferences(db, one.id, {
          filter: withoutUndefined(filter),
          page: pageRequest(list, { limit, cursor }),
        });
        const items = await differencesShown(deps, { one, rows: page.items }, call);
        return { status: 200, body: presentPage(list, { ...page, items }, (each) => each) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/reconciliations/:id/export',
      tag,
      summary: 'The same as a CSV file',
      access: READ,
      params: reconciliationParams,
      query: exportQuery,
      answers: { 200: MEDIA_TYPES.csv },
      async handle(call) {
        const one = await existing(deps, call.params.id, call);
        const { left, right } = await entriesOf(one.spec);
        const rows = differenceRows(
          deps,
          { one, entries: { left, right }, filter: withoutUndefined(call.query) },
          call,
        );
        return fileReply(rows, `${one.name} 对账差异`, 'csv');
      },
    }),
  ];
}

/** As it is kept: an absent member is absent. */
function plain(body: object): ReconciliationSpec {
  return JSON.parse(JSON.stringify(body)) as ReconciliationSpec;
}
