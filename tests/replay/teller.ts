import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { type FormRef, type PersonAction, taskIdOf } from '../../domain/case.ts';
import type { GrantPersonAction } from '../../domain/kernel/grant.ts';
import type { Actor } from '../../domain/language.ts';
import { act, grantWorkflowId, readState, shareRequestWorkflowId, TASK_QUEUE } from '../../workflows/messages.ts';
import { APPLICANT, filing, form, formRef } from '../support/cases.ts';
import { nextForm } from '../support/play.ts';
import type { Story, Teller } from './stories.ts';

/** Files the case of a story and hands out the means to go on with it. */
export async function teller(env: TestWorkflowEnvironment, story: Story): Promise<Teller> {
  const caseId = `case-${story.name}`;
  const { from, to } = story.period ?? { from: 0, to: 300 };
  const now = async (days = 0): Promise<string> =>
    new Date((await env.currentTimeMs()) + days * 86_400_000).toISOString();
  const day = async (days: number): Promise<string> => (await now(days + 8 / 24)).slice(0, 10);
  const { schedule } = story;
  const asked = form({ period: { from: await day(from), to: await day(to) }, ...(schedule ? { schedule } : {}) });
  let ref: FormRef = formRef(asked, { id: `form-${story.name}` });
  let commands = 0;
  const start = filing(ref, { route: story.route, caseId, at: await now() });
  await env.client.workflow.start('shareRequest', {
    workflowId: shareRequestWorkflowId(caseId),
    taskQueue: TASK_QUEUE,
    args: [
      {
        streamId: caseId,
        begin: start,
        grantsBeginAtRecord: true,
        ...(story.renewAfter ? { renewAfter: story.renewAfter } : {}),
      },
    ],
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
    act: async (who, make) =>
      inCase(
        who,
        make({
          task: (stage, activation, seat) => taskIdOf(caseId, stage, activation, seat),
          form: ref,
          day: await day(20),
        }),
      ),
    async refile(part) {
      ref = nextForm(ref, [part]);
      await inCase(APPLICANT, { action: 'refile', form: ref, note: '已按意见修改' });
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
