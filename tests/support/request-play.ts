import { setTimeout as sleep } from 'node:timers/promises';
import { application } from './api.ts';
import type { Integrator } from './integrator.ts';

/** What a request asks for, and who has a part in it. */
export interface Ask {
  readonly requester: string;
  readonly provider: string;
  readonly changes: Record<string, unknown>;
}

/** Persons of public security whose name begins so, masked; asked for by civil affairs. */
export function personsAsk(surname: string): Ask {
  const rowScope = { all: [{ item: 'name', operator: 'startsWith', value: surname }] };
  const items = [
    'record_no',
    'name',
    'id_card',
    'sex',
    'birth_date',
    'address',
    'mobile',
    'email',
    'plate',
    'updated_at',
  ];
  return { requester: 'civil-affairs', provider: 'public-security', changes: { items, rowScope } };
}

/** Companies of market regulation in one district; asked for by transport. */
export function companiesAsk(district: string): Ask {
  return {
    requester: 'transport',
    provider: 'market-regulation',
    changes: {
      entryId: 'companies',
      items: ['credit_code', 'name', 'legal_representative', 'registered_capital', 'established_on', 'bank_account'],
      rowScope: { all: [{ item: 'district_code', operator: 'eq', value: district }] },
      purpose: '行政执法与监督检查',
    },
  };
}

/** Files a request; resolves with the case's id. @throws if it is refused */
export async function file(integrator: Integrator, { requester, changes }: Ask): Promise<string> {
  const { answer } = await integrator.post(`${requester}.requester`, '/api/share-requests', application(changes));
  if (answer.status !== 201) throw new Error(`Not filed: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

/** Has the three stages approve, each by its own account. @throws if one of them is refused */
export async function approveAll(integrator: Integrator, caseId: string, ask: Ask): Promise<void> {
  const stages = [
    [`${ask.requester}.lead`, 'requester-lead'],
    [`${ask.provider}.reviewer`, 'provider-reviewer'],
    [`${ask.provider}.lead`, 'provider-lead'],
  ] as const;
  for (const [account, stage] of stages) {
    const task = `/api/tasks/${caseId}.${stage}.1`;
    const { body } = await integrator.get(account, task);
    const { answer } = await integrator.post(account, `${task}/actions`, {
      action: 'approve',
      seen: body.form?.digest,
      opinion: '同意',
    });
    if (answer.status !== 200) throw new Error(`${stage}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

/** Waits until a case has come to this status. @throws with the case as it is when it has not in time */
export async function comesTo(
  integrator: Integrator,
  { caseId, ask, status, withinMs = 90_000 }: { caseId: string; ask: Ask; status: string; withinMs?: number },
): Promise<Record<string, unknown>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const { body } = await integrator.get(`${ask.requester}.requester`, `/api/cases/${caseId}`);
    if (body.status === status) return body;
    if (Date.now() > deadline) throw new Error(`Case ${caseId} is not ${status}: ${JSON.stringify(body)}`);
    await sleep(200);
  }
}
