import { createHmac, randomBytes } from 'node:crypto';
import type { Actor } from '../../../domain/language.ts';
import { SourceFailure } from '../../../sources/failure.ts';
import {
  changeSource,
  findSource,
  insertSource,
  noteLook,
  openableSource,
  type Source,
  sourcesOf,
} from '../../../store/data-sources.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { reachOf } from '../../reach.ts';
import { connectionFrom } from '../../source-connection.ts';
import type { RouteDeps } from '../deps.ts';
import { presentProbe, presentSource } from './present.ts';
import { newSource, probe, source, sourceChange, sourceList, sourceParams } from './schema.ts';

const READ = { object: 'data-source', action: 'read' } as const;
const MANAGE = { object: 'data-source', action: 'manage' } as const;
const TEST = { object: 'data-source', action: 'test' } as const;
const tag = 'catalogue';

/** What a department keeps its data in: registered, changed and tested by those who compile its catalogue. */
export function dataSourceEndpoints({ db, policies, outside, looker, sourceGuard }: RouteDeps): Endpoint[] {
  async function own(id: string, { department }: Actor): Promise<Source> {
    const found = await findSource(db, { id, department });
    if (!found) throw new Problem('NotFound');
    return found;
  }

  async function shown(id: string, { actor, locale }: Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'locale'>) {
    const found = await own(id, actor);
    return { body: presentSource(found, { actor, policies, locale }), headers: { ETag: `"${found.revision}"` } };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/sources',
      tag,
      summary: 'The data sources of the caller’s department, never how they are reached',
      access: READ,
      answers: { 200: sourceList },
      async handle({ actor, locale }) {
        const found = await sourcesOf(db, actor.department);
        const items = found.map((one) => presentSource(one, { actor, policies, locale }));
        return { status: 200, body: { items, nextCursor: null } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/catalogue/sources',
      tag,
      summary: 'Register a database, a folder or an HTTP service of the own department',
      access: MANAGE,
      body: newSource,
      answers: { 201: source },
      async handle(call) {
        const { actor, body, idempotency } = call;
        const made = {
          id: `s-${randomBytes(8).toString('hex')}`,
          department: actor.department,
          name: body.name,
          connection: connectionFrom(body.connection, sourceGuard),
          enteredBy: actor.person,
        };
        // A plain digest of a password can be tried out by whoever reads it.
        const bodyDigest = createHmac('sha256', outside.secretKey).update(idempotency.bodyDigest).digest('hex');
        const id = await once(
          db,
          { ...call, idempotency: { ...idempotency, bodyDigest } },
          {
            kind: 'data-source',
            action: 'register',
            id: made.id,
            work: (trx) => insertSource(trx, made, outside.secretKey),
          },
        );
        const { body: answer, headers } = await shown(id, call);
        return { status: 201, body: answer, headers: { ...headers, Location: `/api/catalogue/sources/${id}` } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/catalogue/sources/:id',
      tag,
      summary: 'A data source, and how the looks at it have gone',
      access: READ,
      params: sourceParams,
      answers: { 200: source },
      handle: async (call) => ({ status: 200, ...(await shown(call.params.id, call)) }),
    }),
    endpoint({
      method: 'patch',
      path: '/api/catalogue/sources/:id',
      tag,
      summary: 'Change the name of a data source, or how it is reached',
      access: MANAGE,
      params: sourceParams,
      body: sourceChange,
      ifMatch: 'required',
      answers: { 200: source },
      async handle(call) {
        const { actor, params, body, headers } = call;
        const { id, revision } = await own(params.id, actor);
        const match = headers['if-match'];
        if (match === undefined) throw new Problem('PreconditionRequired');
        const { name, connection } = body;
        const change = {
          ...(name === undefined ? {} : { name }),
          ...(connection === undefined ? {} : { connection: connectionFrom(connection, sourceGuard) }),
          enteredBy: actor.person,
        };
        const isHeld = match === '*' || match.split(',').some((one) => one.trim() === `"${revision}"`);
        if (!isHeld || !(await changeSource(db, { id, revision }, change, outside.secretKey))) {
          throw new Problem('PreconditionFailed');
        }
        return { status: 200, ...(await shown(id, call)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/catalogue/sources/:id/test',
      tag,
      summary:
        'Connect to a data source now: what was found, or the one reason why not; of any department for administrators',
      access: TEST,
      params: sourceParams,
      answers: { 200: probe },
      async handle({ actor, params, locale }) {
        const isAny = reachOf(policies, actor, TEST) === 'any';
        const department = isAny ? undefined : actor.department;
        const opened = await openableSource(db, { id: params.id, department }, outside.secretKey);
        if (!opened) throw new Problem('NotFound');
        try {
          const found = await looker.probe(opened);
          await noteLook(db, opened, undefined);
          // What it holds is the department's own business.
          const { readable: _, ...outsiders } = found;
          return { status: 200, body: presentProbe(isAny ? outsiders : found, locale) };
        } catch (error) {
          if (!(error instanceof SourceFailure)) throw error;
          await noteLook(db, opened, error.reason);
          return { status: 200, body: presentProbe(error.reason, locale) };
        }
      },
    }),
  ];
}
