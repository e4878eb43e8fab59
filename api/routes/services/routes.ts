import { mountKindOf } from '../../../domain/catalogue.ts';
import type { Actor, Fault } from '../../../domain/language.ts';
import { checkService, type ServiceTerms } from '../../../domain/service.ts';
import { findEntry } from '../../../store/catalogue.ts';
import { findCommand } from '../../../store/commands.ts';
import { findSource } from '../../../store/data-sources.ts';
import { changeService, findService, insertService, listServices, type ServiceRow } from '../../../store/services.ts';
import { refuseFaults } from '../../application.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { idParams, listOf } from '../../schema.ts';
import { timeOf } from '../../time.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { presentDepartment } from '../departments/present.ts';
import type { RouteDeps } from '../deps.ts';
import { newService, service, serviceChange, serviceQuery } from './schema.ts';

const READ = { object: 'service', action: 'read' } as const;
const MANAGE = { object: 'service', action: 'manage' } as const;
const tag = 'gateway';

/** Which kinds of source the gateway can ask for an entry that is mounted on a table or a service. */
const CALLED_ON = { table: 'postgresql', service: 'http', file: 'folder' } as const;

/** What departments let others call: registered and changed by the provider, seen by all who may ask for it. */
export function serviceEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  /** Everything that is wrong with a service over an entry of the department's own. */
  async function faultsOf(
    entryId: string,
    terms: Pick<ServiceTerms, 'filters' | 'parameters'>,
    department: string,
  ): Promise<readonly Fault[]> {
    const found = await findEntry(db, entryId);
    const entry = found?.provider === department && found.status !== 'withdrawn' ? found : undefined;
    const faults = checkService(terms, entry);
    const { mount } = entry ?? {};
    if (!mount || faults.some(({ code }) => code === 'ServiceMountUnfit')) return faults;
    const source = await findSource(db, { id: mount.sourceId, department });
    if (source?.kind === CALLED_ON[mountKindOf(mount)]) return faults;
    return [...faults, { pointer: '/entryId', code: 'ServiceMountUnfit' }];
  }

  async function shown(row: ServiceRow, { actor }: { readonly actor: Actor }) {
    return present(row, {
      mayChange: policies.may(actor, 'manage', 'service', row.provider),
      provider: presentDepartment(row.provider, await departments()),
    });
  }

  async function existing(id: string): Promise<ServiceRow> {
    const row = await findService(db, id);
    if (!row) throw new Problem('NotFound');
    return row;
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/services',
      tag,
      summary: 'The services that departments have registered',
      access: READ,
      query: serviceQuery,
      answers: { 200: listOf(service) },
      async handle({ query, actor }) {
        const { limit, cursor, ...filter } = query;
        const page = await listServices(db, withoutUndefined(filter), pageRequest('services', { limit, cursor }));
        const known = await departments();
        const body = presentPage('services', page, (row) =>
          present(row, {
            mayChange: policies.may(actor, 'manage', 'service', row.provider),
            provider: presentDepartment(row.provider, known),
          }),
        );
        return { status: 200, body };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/services',
      tag,
      summary: 'Register a service over an entry of the own department',
      access: MANAGE,
      body: newService,
      answers: { 201: service },
      async handle(call) {
        const { actor, body } = call;
        const { id, entryId, ...terms } = body;
        const before = await findCommand(db, call.idempotency.id);
        if (!before) refuseFaults(await faultsOf(entryId, terms, actor.department));
        const made = { id, entryId, terms, provider: actor.department, changedBy: actor.person };
        const registered = await once(db, call, {
          kind: 'service',
          action: 'register',
          id,
          async work(trx) {
            if (await insertService(trx, made)) return;
            throw new Problem('Invalid', { faults: [{ pointer: '/id', code: 'ServiceIdTaken' }] });
          },
        });
        return reply(201, await existing(registered), call);
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/services/:id',
      tag,
      summary: 'A service: what it is over, how it can be filtered, how much it answers',
      access: READ,
      params: idParams,
      answers: { 200: service },
      handle: async (call) => reply(200, await existing(call.params.id), call),
    }),
    endpoint({
      method: 'patch',
      path: '/api/services/:id',
      tag,
      summary: 'Change, close or open a service of the own department; every revision stays on record',
      access: MANAGE,
      params: idParams,
      body: serviceChange,
      ifMatch: 'required',
      answers: { 200: service },
      async handle(call) {
        const { actor, params, headers } = call;
        const row = await existing(params.id);
        if (!policies.may(actor, 'manage', 'service', row.provider)) throw new Problem('NotAllowed');
        const match = headers['if-match'];
        if (match === undefined) throw new Problem('PreconditionRequired');
        const { id, revision, provider, entryId, changedBy: _, changedAt: __, ...old } = row;
        const terms: ServiceTerms = { ...old, ...withoutUndefined(call.body) };
        refuseFaults(await faultsOf(entryId, terms, provider));
        const isHeld = match === '*' || match.split(',').some((one) => one.trim() === `"${revision}"`);
        const change = { id, provider, entryId, terms, changedBy: actor.person };
        const isChanged = isHeld && (await db.transaction((trx) => changeService(trx, revision, change)));
        if (!isChanged) throw new Problem('PreconditionFailed');
        return reply(200, await existing(id), call);
      },
    }),
  ];

  async function reply(status: number, row: ServiceRow, call: Pick<CallerCall<unknown, unknown, unknown>, 'actor'>) {
    const headers = { ETag: `"${row.revision}"`, ...(status === 201 ? { Location: `/api/services/${row.id}` } : {}) };
    return { status, body: await shown(row, call), headers };
  }
}

function present(
  { changedAt, provider: _, ...row }: ServiceRow,
  { mayChange, provider }: { readonly mayChange: boolean; readonly provider: ReturnType<typeof presentDepartment> },
) {
  return {
    ...row,
    provider,
    path: `/gateway/${row.id}`,
    changedAt: timeOf(changedAt),
    actions: mayChange ? [{ action: 'change' as const }] : [],
  };
}
