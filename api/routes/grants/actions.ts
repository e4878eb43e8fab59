import type { z } from 'zod';
import { type GrantPersonAction, grantActionsOf } from '../../../domain/kernel/grant.ts';
import { checkSchedule, type ScheduleAsk, scheduleOf } from '../../../domain/schedule/schedule.ts';
import { findEntry } from '../../../store/catalogue.ts';
import { listEventsOfCommand } from '../../../store/events.ts';
import { findDelivery } from '../../../store/deliveries.ts';
import type { GrantRow } from '../../../store/grants.ts';
import { refuseFaults } from '../../application.ts';
import type { Submitted } from '../../command-runner.ts';
import type { CallerCall, Reply } from '../../endpoint.ts';
import { grantFor, visibleGrant } from '../../grant-views.ts';
import { Problem } from '../../problem.ts';
import { accepted } from '../../replies.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { presentDelivery } from '../deliveries/present.ts';
import { mayActOnGrant } from './present.ts';
import type { grantActionBody } from './schema.ts';

type Deps = Pick<RouteDeps, 'db' | 'policies' | 'commands' | 'departments'>;
type Call = CallerCall<unknown, unknown, unknown>;
type Input = z.output<typeof grantActionBody>;

/** Whether this person may have the grant's next delivery run now. */
export function mayDeliver(
  { policies }: Pick<RouteDeps, 'policies'>,
  row: GrantRow,
  { actor, at }: Pick<Call, 'actor' | 'at'>,
): boolean {
  const { state } = row;
  const isOffered = state !== null && grantActionsOf(state, actor, at).includes('deliver');
  return isOffered && mayActOnGrant(policies, actor, { action: 'deliver', row });
}

async function submit(deps: Deps, row: GrantRow, { input, call }: { input: Input; call: Call }): Promise<Submitted> {
  const { actor, at, idempotency } = call;
  const before = await deps.commands.earlier(idempotency);
  if (before) return before;
  if (!mayActOnGrant(deps.policies, actor, { action: input.action, row })) throw new Problem('NotAllowed');
  const action = await actionOf(deps, row, input);
  return deps.commands.submit({ idempotency, actor, at, action, target: { kind: 'grant', id: row.id } });
}

async function actionOf({ db }: Deps, row: GrantRow, input: Input): Promise<GrantPersonAction> {
  if (input.action !== 'reschedule') return withoutUndefined(input) as GrantPersonAction;
  const { entryId, entryVersion, mode } = row.body;
  const cycle = (await findEntry(db, entryId, entryVersion))?.updateCycle ?? '';
  const ask: ScheduleAsk = input.schedule;
  refuseFaults(checkSchedule(ask, { mode, cycle }));
  return { action: 'reschedule', schedule: scheduleOf(ask, cycle) };
}

/** Carries out an action on a grant that the caller has been shown, and tells what came of it. */
export async function actOnGrant(
  deps: Deps,
  row: GrantRow,
  { input, call }: { input: Input; call: Call },
): Promise<Reply> {
  const submitted = await submit(deps, row, { input, call });
  if (submitted.status === 'pending') return accepted(submitted);
  const { id, status, outcome } = submitted;
  const now = await visibleGrant(deps, row.id, call);
  return { status: 200, body: { id, status, outcome, grant: await grantFor(deps, now, call) } };
}

/** Has a delivery run now: the answer is the delivery, which goes on by itself. */
export async function deliverNow(
  deps: Deps,
  row: GrantRow,
  { isWhole, call }: { isWhole: true | undefined; call: Call },
): Promise<Reply> {
  const submitted = await submit(deps, row, { input: { action: 'deliver', isWhole }, call });
  if (submitted.status === 'pending') return accepted(submitted);
  const events = await listEventsOfCommand(deps.db, row.id, submitted.id);
  const asked = events.find((event) => event.type === 'deliveryAsked');
  const deliveryId = asked && 'deliveryId' in asked ? String(asked.deliveryId) : undefined;
  const delivery = deliveryId && (await findDelivery(deps.db, deliveryId, { all: true }));
  if (!delivery) throw new Error(`Command ${submitted.id} was carried out, but no delivery came of it`);
  const headers = { Location: `/api/deliveries/${delivery.id}` };
  return { status: 201, body: presentDelivery(delivery, { mayDeliver: false, locale: call.locale }), headers };
}
