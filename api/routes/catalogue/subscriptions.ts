import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { findEntry } from '../../../store/catalogue.ts';
import {
  findSame,
  findSubscription,
  listSubscriptions,
  type Subscription,
  subscribe,
  type Target,
  unsubscribe,
} from '../../../store/catalogue-subscriptions.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { id, listOf, paging, time } from '../../schema.ts';
import { timeOf } from '../../time.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { catalogueFilter } from './schema.ts';

const READ = { object: 'catalogue', action: 'read' } as const;
const tag = 'catalogue';

const params = z.object({ id: z.uuid() });

const search = z.strictObject(catalogueFilter);

const newSubscription = z
  .strictObject({
    entryId: id.optional(),
    provider: id.optional(),
    search: search.optional().meta({ description: 'What is searched for: whatever it finds is told of.' }),
  })
  .meta({ id: 'NewSubscription', description: 'Exactly one of the three.' });

const subscription = z
  .object({
    id: z.string(),
    kind: z.enum(['entry', 'provider', 'search']),
    entryId: z.string().optional(),
    entryName: z.string().optional().meta({ description: 'What the entry is called now; in lists.' }),
    provider: z.string().optional(),
    search: search.optional(),
    createdAt: time,
    actions: z.array(z.object({ action: z.literal('delete') })),
  })
  .meta({ id: 'Subscription' });

function present({ id: subscriptionId, kind, target, createdAt, entryName }: Subscription) {
  return {
    id: subscriptionId,
    kind,
    ...(kind === 'search' ? { search: target } : target),
    ...(entryName ? { entryName } : {}),
    createdAt: timeOf(createdAt),
    actions: [{ action: 'delete' as const }],
  };
}

/** Everybody has subscriptions of their own and sees no others. What they tell of comes as notices. */
export function subscriptionEndpoints({ db, departments }: RouteDeps): Endpoint[] {
  /** @throws {Problem} Invalid unless exactly one is given and exists */
  async function targetOf(body: z.output<typeof newSubscription>): Promise<Target> {
    const given = Object.values(withoutUndefined(body)).length;
    if (given !== 1) throw invalid('', given === 0 ? 'Required' : 'OneTarget');
    if (body.entryId !== undefined) {
      if (!(await findEntry(db, body.entryId))) throw invalid('/entryId', 'UnknownEntry');
      return { kind: 'entry', target: { entryId: body.entryId } };
    }
    const { provider } = body;
    if (provider !== undefined) {
      if (!(await departments()).some((one) => one.id === provider)) throw invalid('/provider', 'NotOffered');
      return { kind: 'provider', target: { provider } };
    }
    const filter = withoutUndefined(body.search ?? {});
    if (Object.keys(filter).length === 0) throw invalid('/search', 'Required');
    return { kind: 'search', target: filter };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/subscriptions',
      tag,
      summary: 'What I am told changes of, newest first',
      access: READ,
      query: z.object({ ...paging, entryId: id.optional().meta({ description: 'The one to this entry alone.' }) }),
      answers: { 200: listOf(subscription) },
      async handle({ actor, query }) {
        const { entryId, ...paged } = query;
        const list = `subscriptions:${entryId ?? ''}` as const;
        const page = await listSubscriptions(db, actor.person, { entryId, page: pageRequest(list, paged) });
        return { status: 200, body: presentPage(list, page, present) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/catalogue/subscriptions',
      tag,
      summary:
        'Be told when an entry, an entry of a provider, or one that a search finds is published, changed or ends',
      access: READ,
      body: newSubscription,
      answers: { 201: subscription },
      async handle(call) {
        const { actor, body } = call;
        const target = await targetOf(body);
        const same = async () => findSame(db, actor.person, target);
        // Who subscribes twice has one subscription.
        const fresh = (await same())?.id ?? randomUUID();
        const made = await once(db, call, {
          kind: 'subscription',
          id: fresh,
          action: 'subscribe',
          work: (trx) => subscribe(trx, actor.person, { id: fresh, ...target }),
        });
        const found = (await findSubscription(db, actor.person, made)) ?? (await same());
        if (!found) throw new Problem('NotFound');
        return { status: 201, body: present(found) };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/catalogue/subscriptions/:id',
      tag,
      summary: 'Be told no more',
      access: READ,
      params,
      answers: { 204: undefined },
      async handle({ actor, params: { id: subscriptionId } }) {
        if (!(await unsubscribe(db, actor.person, subscriptionId))) throw new Problem('NotFound');
        return { status: 204 };
      },
    }),
  ];
}

function invalid(pointer: string, code: string): Problem {
  return new Problem('Invalid', { faults: [{ pointer, code }] });
}
