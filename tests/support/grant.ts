import { type Api, application } from './api.ts';
import { until } from './until.ts';

export const REQUESTER = 'civil-affairs.requester';

/** Files a request of civil affairs over REST and has everyone approve it: a case with its grant. Needs workers. */
export async function grantedCase(
  api: Api,
  changes: Record<string, unknown> = {},
): Promise<{ caseId: string; grantId: string; taskId: string; seen: string }> {
  const filed = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application(changes) });
  if (filed.status !== 201) throw new Error(`Not filed: ${JSON.stringify(filed.body)}`);
  const { id: caseId, form } = filed.body;
  const stages = [
    ['civil-affairs.lead', 'requester-lead'],
    ['public-security.reviewer', 'provider-reviewer'],
    ['public-security.lead', 'provider-lead'],
  ] as const;
  for (const [account, stage] of stages) {
    const answer = await api.ask(account, 'POST', `/api/tasks/${caseId}.${stage}.1/actions`, {
      body: { action: 'approve', seen: form.digest },
    });
    if (answer.status !== 200) throw new Error(`Not approved at ${stage}: ${JSON.stringify(answer.body)}`);
  }
  return { caseId, grantId: `${caseId}.grant`, taskId: `${caseId}.requester-lead.1`, seen: form.digest };
}

/**
 * A delivery under an active grant, once it has come to this status and the grant has heard of it: it does a moment later,
 * and takes no other before.
 */
export async function deliveryOf(api: Api, grantId: string, status = 'delivered') {
  return until(async () => {
    const { body: grant } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}`);
    if (!grant.actions.some(({ action }: { action: string }) => action === 'deliver')) return undefined;
    const { body } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/deliveries`);
    return body.items.find((delivery: { status: string }) => delivery.status === status);
  });
}
