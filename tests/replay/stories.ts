import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type FormPart, type FormRef, type PersonAction, taskIdOf } from '../../domain/case.ts';
import type { GrantPersonAction } from '../../domain/kernel/grant.ts';
import type { Actor } from '../../domain/language.ts';
import type { Route } from '../../domain/route.ts';
import { CONDITIONAL, UNCONDITIONAL_AT_ONCE } from '../../domain/routes/share-request.ts';
import { act, grantWorkflowId, readState, shareRequestWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import { APPLICANT, filing, form, formRef, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../support/cases.ts';
import { nextForm } from '../support/play.ts';

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
  tell(teller: Teller): Promise<void>;
}

export interface Teller {
  approve(who: Actor, stage: string, activation?: number): Promise<void>;
  reject(who: Actor, stage: string, text: string): Promise<void>;
  ask(who: Actor, stage: string, part: FormPart): Promise<void>;
  supplement(part: FormPart): Promise<void>;
  withdraw(): Promise<void>;
  grant(who: Actor, action: GrantPersonAction): Promise<void>;
  /** Lets days pass, with all that time does on them. */
  days(count: number): Promise<void>;
  /** Lets time pass until the grant is over. The server that skips time stops skipping once nothing runs any more. */
  ended(): Promise<void>;
  /** Waits until the case or the grant is as it should be. */
  until(kind: 'case' | 'grant', holds: (state: Record<string, unknown>) => boolean): Promise<void>;
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
    name: 'renewed',
    route: CONDITIONAL,
    keeps: ['share-request'],
    renewAfter: 2,
    async tell(one) {
      await throughApproval(one);
      await one.until('grant', isDone);
    },
  },
];

/** Files the case of a story and hands out the means to go on with it. */
export async function teller(env: TestWorkflowEnvironment, story: Story): Promise<Teller> {
  const caseId = `case-${story.name}`;
  const { from, to } = story.period ?? { from: 0, to: 300 };
  const now = async (days = 0): Promise<string> =>
    new Date((await env.currentTimeMs()) + days * 86_400_000).toISOString();
  const day = async (days: number): Promise<string> => (await now(days + 8 / 24)).slice(0, 10);
  let ref: FormRef = formRef(form({ period: { from: await day(from), to: await day(to) } }), {
    id: `form-${story.name}`,
  });
  let commands = 0;
  const start = filing(ref, { route: story.route, caseId, at: await now() });
  await env.client.workflow.start('shareRequest', {
    workflowId: shareRequestWorkflowId(caseId),
    taskQueue: TASK_QUEUE,
    args: [{ streamId: caseId, begin: start, ...(story.renewAfter ? { renewAfter: story.renewAfter } : {}) }],
  });

  async function send(workflowId: string, actor: Actor, action: PersonAction | GrantPersonAction): Promise<void> {
    commands += 1;
    const command = { id: `command-${commands}`, at: await now(), actor, do: action };
    for (;;) {
      try {
        await env.client.workflow.getHandle(workflowId).executeUpdate(act, { args: [command], updateId: command.id });
        return;
      } catch (error) {
        const cause = error instanceof Error ? (error.cause as { type?: string } | undefined) : undefined;
        if (cause?.type !== 'Renewing' && cause?.type !== 'AcceptedUpdateCompletedWorkflow') throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
  const inCase = (who: Actor, action: PersonAction): Promise<void> => send(shareRequestWorkflowId(caseId), who, action);
  const taskOf = (stage: string, activation = 1): string => taskIdOf(caseId, stage, activation);

  return {
    approve: (who, stage, activation) =>
      inCase(who, { action: 'approve', taskId: taskOf(stage, activation), seen: ref.digest, opinion: '同意共享' }),
    reject: (who, stage, text) =>
      inCase(who, {
        action: 'reject',
        taskId: taskOf(stage),
        seen: ref.digest,
        reason: { code: 'beyond-necessity', text },
      }),
    ask: (who, stage, part) =>
      inCase(who, { action: 'askSupplement', taskId: taskOf(stage), missing: [{ part, text: '请补充说明' }] }),
    async supplement(part) {
      ref = nextForm(ref, [part]);
      await inCase(APPLICANT, { action: 'supplement', form: ref, note: '已补充' });
    },
    withdraw: () => inCase(APPLICANT, { action: 'withdraw', reason: '不再需要' }),
    grant: (who, action) => send(grantWorkflowId(`${caseId}.grant`), who, action),
    days: (count) => env.sleep(count * 86_400_000),
    ended: () => env.client.workflow.getHandle(grantWorkflowId(`${caseId}.grant`)).result(),
    async until(kind, holds) {
      const workflowId = kind === 'case' ? shareRequestWorkflowId(caseId) : grantWorkflowId(`${caseId}.grant`);
      for (;;) {
        const read = await env.client.workflow
          .getHandle(workflowId)
          .query(readState)
          .catch(() => undefined);
        if (read?.state && holds(read.state as unknown as Record<string, unknown>)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
