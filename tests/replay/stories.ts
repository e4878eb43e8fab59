import type { FormPart, FormRef, PersonAction } from '../../domain/case.ts';
import type { GrantPersonAction } from '../../domain/kernel/grant.ts';
import type { Actor } from '../../domain/language.ts';
import type { Route } from '../../domain/route.ts';
import { CONDITIONAL, UNCONDITIONAL_AT_ONCE } from '../../domain/routes/share-request.ts';
import type { ScheduleAsk } from '../../domain/schedule/schedule.ts';
import { APPLICANT, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../support/cases.ts';
import { OPERATION_STORIES } from './operation-stories.ts';

/** A case told from its filing on, for the histories that it leaves. */
export interface Story {
  readonly name: string;
  readonly route: Route;
  readonly keeps: readonly ('share-request' | 'grant')[];
  readonly renewAfter?: number;
  /** How the deliveries go, in order. */
  readonly deliveries?: readonly ('delivered' | 'failed')[];
  /** Days from the filing on for which the data is asked. */
  readonly period?: { readonly from: number; readonly to: number };
  /** When the data is to come by itself. */
  readonly schedule?: ScheduleAsk;
  tell(teller: Teller): Promise<void>;
}

export interface Teller {
  approve(who: Actor, stage: string, activation?: number): Promise<void>;
  reject(who: Actor, stage: string, text: string): Promise<void>;
  ask(who: Actor, stage: string, part: FormPart): Promise<void>;
  supplement(part: FormPart): Promise<void>;
  withdraw(): Promise<void>;
  /** Anything else that people do in a case, with the ids of its tasks and the form as it is now. */
  act(who: Actor, make: (facts: Facts) => PersonAction): Promise<void>;
  /** Files it again after a refusal, with another part. */
  refile(part: FormPart): Promise<void>;
  grant(who: Actor, action: GrantPersonAction): Promise<void>;
  /** Lets days pass, with all that time does on them. */
  days(count: number): Promise<void>;
  /** Lets time pass until the grant is over. The server that skips time stops skipping once nothing runs any more. */
  ended(): Promise<void>;
  /** Waits until the case or the grant is as it should be. */
  until(kind: 'case' | 'grant', holds: (state: Record<string, unknown>) => boolean): Promise<void>;
}

interface Facts {
  task(stage: string, activation: number, seat?: number): string;
  readonly form: FormRef;
  /** A day that is still to come. */
  readonly day: string;
}

const reason = '发现超范围使用';
const isDone = (state: Record<string, unknown>): boolean =>
  state['delivered'] === true && state['running'] === undefined;

async function throughApproval(one: Teller): Promise<void> {
  await one.approve(REQUESTER_LEAD, 'requester-lead');
  await one.approve(REVIEWER, 'provider-reviewer');
  await one.approve(PROVIDER_LEAD, 'provider-lead');
}

async function delivered(one: Teller): Promise<void> {
  await one.approve(REQUESTER_LEAD, 'requester-lead');
  await one.until('grant', isDone);
}

export const STORIES: readonly Story[] = [
  {
    name: 'approved-after-supplement',
    route: CONDITIONAL,
    keeps: ['share-request'],
    async tell(one) {
      await one.approve(REQUESTER_LEAD, 'requester-lead');
      await one.ask(REVIEWER, 'provider-reviewer', 'items');
      await one.supplement('items');
      await one.approve(REQUESTER_LEAD, 'requester-lead', 2);
      await one.approve(REVIEWER, 'provider-reviewer');
      await one.approve(PROVIDER_LEAD, 'provider-lead');
      await one.until('grant', isDone);
    },
  },
  {
    name: 'refused',
    route: CONDITIONAL,
    keeps: ['share-request'],
    async tell(one) {
      await one.approve(REQUESTER_LEAD, 'requester-lead');
      await one.reject(REVIEWER, 'provider-reviewer', '申请范围超出履职需要');
    },
  },
  {
    name: 'withdrawn',
    route: CONDITIONAL,
    keeps: ['share-request'],
    async tell(one) {
      await one.approve(REQUESTER_LEAD, 'requester-lead');
      await one.withdraw();
    },
  },
  { name: 'granted-at-once', route: UNCONDITIONAL_AT_ONCE, keeps: ['share-request', 'grant'], tell: delivered },
  {
    name: 'limit-passed',
    route: CONDITIONAL,
    keeps: ['share-request'],
    async tell(one) {
      await one.approve(REQUESTER_LEAD, 'requester-lead');
      await one.days(30);
      await one.approve(REVIEWER, 'provider-reviewer');
      await one.approve(PROVIDER_LEAD, 'provider-lead');
      await one.until('grant', isDone);
    },
  },
  {
    name: 'delivered-at-second-try',
    route: UNCONDITIONAL_AT_ONCE,
    keeps: ['share-request', 'grant'],
    deliveries: ['failed', 'delivered'],
    async tell(one) {
      await one.approve(REQUESTER_LEAD, 'requester-lead');
      await one.until('case', ({ status }) => status === 'delivery-failed');
      await one.grant(APPLICANT, { action: 'deliver' });
      await one.until('grant', isDone);
    },
  },
  {
    name: 'begun-at-record',
    route: CONDITIONAL,
    keeps: ['share-request', 'grant'],
    async tell(one) {
      await throughApproval(one);
      await one.until('grant', isDone);
    },
  },
  {
    name: 'suspended-resumed-terminated',
    route: UNCONDITIONAL_AT_ONCE,
    keeps: ['grant'],
    async tell(one) {
      await delivered(one);
      await one.grant(PROVIDER_LEAD, { action: 'suspend', reason });
      await one.grant(PROVIDER_LEAD, { action: 'resume', reason: '已整改' });
      await one.grant(APPLICANT, { action: 'deliver' });
      await one.until('grant', (state) => isDone(state) && state['deliveries'] === 2);
      await one.grant(PROVIDER_LEAD, { action: 'terminate', reason });
    },
  },
  {
    name: 'expired',
    route: UNCONDITIONAL_AT_ONCE,
    keeps: ['grant'],
    period: { from: 0, to: 40 },
    async tell(one) {
      await delivered(one);
      await one.ended();
    },
  },
  {
    name: 'terminated-before-its-period',
    route: UNCONDITIONAL_AT_ONCE,
    keeps: ['share-request', 'grant'],
    period: { from: 60, to: 100 },
    async tell(one) {
      await one.approve(REQUESTER_LEAD, 'requester-lead');
      await one.until('grant', ({ status }) => status === 'active');
      await one.grant(PROVIDER_LEAD, { action: 'terminate', reason });
      await one.days(1);
    },
  },
  // From here on a grant opens in the transaction that gives it, and its workflow starts with its first events recorded.
  { name: 'opened-as-given', route: UNCONDITIONAL_AT_ONCE, keeps: ['share-request', 'grant'], tell: delivered },
  {
    name: 'opened-as-given-and-suspended',
    route: UNCONDITIONAL_AT_ONCE,
    keeps: ['grant'],
    async tell(one) {
      await delivered(one);
      await one.grant(PROVIDER_LEAD, { action: 'suspend', reason });
      await one.grant(PROVIDER_LEAD, { action: 'terminate', reason });
    },
  },
  {
    name: 'scheduled',
    route: UNCONDITIONAL_AT_ONCE,
    keeps: ['grant'],
    period: { from: 0, to: 12 },
    schedule: { kind: 'cron', cron: '0 2 * * *' },
    async tell(one) {
      await delivered(one);
      await one.days(3);
      await one.grant(PROVIDER_LEAD, { action: 'suspend', reason });
      await one.days(2);
      await one.grant(PROVIDER_LEAD, { action: 'resume', reason: '已整改' });
      await one.grant(APPLICANT, { action: 'reschedule', schedule: { kind: 'cron', cron: '0 3 * * mon' } });
      await one.grant(APPLICANT, { action: 'deliver', isWhole: true });
      await one.ended();
    },
  },
  {
    name: 'renewed',
    route: CONDITIONAL,
    keeps: ['share-request'],
    renewAfter: 2,
    async tell(one) {
      await throughApproval(one);
      await one.until('grant', isDone);
    },
  },
  ...OPERATION_STORIES,
];
