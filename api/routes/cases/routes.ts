import { diagramOfCase } from '../../../domain/diagram/bpmn.ts';
import { listCases } from '../../../store/cases.ts';
import { listEvents } from '../../../store/events.ts';
import { caseContext, caseDetailFor, visibleCase } from '../../case-views.ts';
import { decodeCursor, encodeCursor, pageRequest, presentPage } from '../../cursor.ts';
import { diagramWords } from '../../diagram-words.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { acceptedCommand, idParams, listOf } from '../../schema.ts';
import { spanFaults } from '../../spans.ts';
import type { RouteDeps } from '../deps.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { caseActionBody } from './action-schema.ts';
import { actOnCase, tagOf } from './actions.ts';
import { presentCase, presentEvent } from './present.ts';
import { replayCase } from './replay.ts';
import { replayBody, replayReport } from './replay-schema.ts';
import { actionDone, caseDetail, caseQuery, caseSummary, eventsQuery, historyQuery, recordedEvent } from './schema.ts';

const READ = { object: 'case', action: 'read' } as const;

export function caseEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies, engine } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/cases',
      tag: 'cases',
      summary: 'The cases that the caller’s department takes part in; all of them for the authority and the auditor',
      reads: 'cases',
      access: READ,
      query: caseQuery,
      answers: { 200: listOf(caseSummary) },
      async handle(call) {
        const { limit: _, cursor: __, ...filter } = call.query;
        const faults = spanFaults(filter);
        if (faults.length > 0) throw new Problem('Invalid', { faults });
        const page = await listCases(db, {
          viewer: viewerOf(policies, call.actor, 'case'),
          filter: withoutUndefined(filter) as Parameters<typeof listCases>[1]['filter'],
          page: pageRequest('cases', call.query),
        });
        const context = await caseContext(deps, page.items, call);
        return { status: 200, body: presentPage('cases', page, (row) => presentCase(row, context)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/cases/:id',
      reads: 'case',
      tag: 'cases',
      summary: 'One case in full',
      access: READ,
      params: idParams,
      answers: { 200: caseDetail },
      async handle(call) {
        const row = await visibleCase(deps, call.params.id, call);
        return { status: 200, body: await caseDetailFor(deps, row, call), headers: { ETag: tagOf(row) } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/cases/:id/diagram',
      tag: 'cases',
      summary: 'The route of a case as BPMN 2.0 with its diagram: `santong:stage` names the stage that a task is',
      access: READ,
      params: idParams,
      answers: { 200: 'application/xml' },
      async handle(call) {
        const [row, departments] = await Promise.all([visibleCase(deps, call.params.id, call), deps.departments()]);
        const body = diagramOfCase(row.state, diagramWords(departments, call.locale));
        return { status: 200, body, headers: { 'Content-Type': 'application/xml; charset=utf-8' } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/cases/:id/events',
      reads: 'events',
      tag: 'cases',
      summary:
        'What happened, as recorded: each event once, in order, with the digest that chains it to the one before',
      access: READ,
      params: idParams,
      query: eventsQuery,
      answers: { 200: listOf(recordedEvent) },
      async handle(call) {
        const { limit, cursor } = call.query;
        const row = await visibleCase(deps, call.params.id, call);
        const after = cursor === undefined ? 0 : Number(decodeCursor('events', cursor)[0]);
        const events = await listEvents(db, row.id, { after, limit });
        const last = events.length === limit ? events.at(-1) : undefined;
        const nextCursor = last && last.seq < row.seq ? encodeCursor('events', [String(last.seq), row.id]) : null;
        return { status: 200, body: { items: events.map(presentEvent), nextCursor } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/cases/:id/history',
      reads: 'history',
      tag: 'cases',
      summary: 'The history as Temporal’s own JSON. The header Santong-Runs says how many runs the case has had',
      access: { object: 'history', action: 'read' },
      params: idParams,
      query: historyQuery,
      answers: { 200: 'application/json' },
      async handle(call) {
        const row = await visibleCase(deps, call.params.id, call);
        const runs = await engine.histories(row.kind, row.id);
        const history = runs?.[call.query.run - 1];
        if (history === undefined) throw new Problem('NotFound');
        const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Santong-Runs': String(runs?.length) };
        return { status: 200, body: history, headers };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/cases/:id/replay',
      reads: 'replay',
      tag: 'cases',
      summary: 'Run the history through the workflow code again and hold it against what is recorded',
      access: { object: 'replay', action: 'run' },
      params: idParams,
      body: replayBody,
      // A history in one string, with every quote and backslash escaped.
      bodyLimit: 4_194_304,
      answers: { 200: replayReport },
      async handle(call) {
        const row = await visibleCase(deps, call.params.id, call);
        return { status: 200, body: await replayCase(deps, row, call) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/cases/:id/actions',
      tag: 'cases',
      ifMatch: 'optional',
      summary: 'Do something to a case: decide a task, complete or withdraw the application',
      access: READ,
      params: idParams,
      body: caseActionBody,
      answers: { 200: actionDone, 202: acceptedCommand },
      async handle(call) {
        const row = await visibleCase(deps, call.params.id, call);
        return actOnCase(deps, row, { input: call.body, call });
      },
    }),
  ];
}
