import { type Api, application } from './api.ts';
import { type Ran, santong } from './cli.ts';
import { deliveryOf, grantedCase, REQUESTER } from './grant.ts';
import { temporalAddress } from './servers.ts';
import { until } from './until.ts';

export const REVIEWER = 'public-security.reviewer';
export const PROVIDER_LEAD = 'public-security.lead';
export const REQUESTER_LEAD = 'civil-affairs.lead';

/** What people did on a platform whose streams are to be recovered. */
export interface Played {
  /** A grant with two deliveries, one of them after a correction, suspended and resumed since. */
  readonly grantId: string;
  readonly caseId: string;
  readonly correctionId: string;
  /** A grant that was ended, with the case that confirmed what became of its data. */
  readonly endedGrantId: string;
  readonly disposalId: string;
  /** Under way: its form was supplemented, and the provider's reviewer has to answer. */
  readonly supplementedId: string;
  readonly returnedId: string;
  /** Two providers' resources: the one's granted at once, the other's only once it was filed again. */
  readonly severalId: string;
}

/** Runs requests to their grants, a correction, a disposal, a supplement and a return. Needs workers. */
export async function play(api: Api): Promise<Played> {
  const [one, other] = [await grantedCase(api), await grantedCase(api)];
  await deliveryOf(api, one.grantId);
  await deliveryOf(api, other.grantId);
  const correctionId = await correct(api, one.grantId);
  await ofGrant(api, one.grantId, { action: 'suspend', reason: '核查' });
  await ofGrant(api, one.grantId, { action: 'resume', reason: '核查完毕' });
  await ofGrant(api, other.grantId, { action: 'terminate', reason: '不再需要' });
  const disposal = { measure: 'destroyed', disposedOn: '2026-11-25', statement: '全部副本已删除' };
  const disposalId = await file(api, { process: 'disposal', about: { grantId: other.grantId }, form: disposal });
  await approve(api, disposalId, [REQUESTER_LEAD]);
  await comesTo(api, disposalId, 'completed');
  return {
    ...{ grantId: one.grantId, caseId: one.caseId, correctionId, endedGrantId: other.grantId, disposalId },
    supplementedId: await supplemented(api),
    returnedId: await returned(api),
    severalId: await several(api),
  };
}

export async function correct(api: Api, grantId: string): Promise<string> {
  const form = { items: ['mobile'], rows: '身份证号尾号 1234', error: '手机号已停用' };
  const id = await file(api, { process: 'correction', about: { grantId }, form });
  await approve(api, id, [REVIEWER, PROVIDER_LEAD]);
  await comesTo(api, id, 'completed');
  await until(async () => {
    const { body } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/deliveries`);
    return body.items.length > 1 && body.items[0].status === 'delivered';
  });
  await deliveryOf(api, grantId);
  return id;
}

async function supplemented(api: Api): Promise<string> {
  const id = await request(api);
  await approve(api, id, [REQUESTER_LEAD]);
  const missing = [{ part: 'scenario', text: '请写明业务环节' }];
  await act(api, REVIEWER, id, { action: 'askSupplement', missing });
  await act(api, REQUESTER, id, { action: 'supplement', form: { scenario: '审核确认环节核验户籍' } });
  await approve(api, id, [REQUESTER_LEAD]);
  return id;
}

async function returned(api: Api): Promise<string> {
  const id = await request(api);
  await act(api, REQUESTER, id, { action: 'copy', to: [{ role: 'reviewer', department: 'civil-affairs' }] });
  await act(api, REQUESTER_LEAD, id, { action: 'return', to: 'applicant', way: 'again', reason: '请写明依据' });
  return id;
}

async function several(api: Api): Promise<string> {
  const [villages, coordinates] = ['divisions-villages', 'district-coordinates'];
  const itemsOf = async (id: string) =>
    (await api.ask(REQUESTER, 'GET', `/api/catalogue/${id}`)).body.items.map((item: { id: string }) => item.id);
  const further = [{ entryId: coordinates, items: await itemsOf(coordinates) }];
  const rowScope = { all: [] };
  const id = await request(api, { entryId: villages, items: await itemsOf(villages), rowScope, further });
  await approve(api, id, [REQUESTER_LEAD]);
  const reason = { code: 'beyond-necessity', text: '坐标与用途无关' };
  await act(api, 'transport.lead', id, { action: 'reject', reason });
  await approve(api, id, ['statistics.lead']);
  await deliveryOf(api, `${id}.grant.${villages}`);
  await comesTo(api, id, 'partly-completed');
  await act(api, REQUESTER, id, { action: 'refile', form: { purpose: '核对村址坐标' }, note: '补充必要性说明' });
  await approve(api, id, [REQUESTER_LEAD, 'transport.lead']);
  await deliveryOf(api, `${id}.grant.${coordinates}`);
  await comesTo(api, id, 'completed');
  return id;
}

/** Files a share request; its case. */
export async function request(api: Api, changes: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application(changes) });
  if (status !== 201) throw new Error(`Not filed: ${JSON.stringify(body)}`);
  return body.id;
}

async function file(api: Api, body: unknown): Promise<string> {
  const answer = await api.ask(REQUESTER, 'POST', '/api/cases', { body });
  if (answer.status !== 201) throw new Error(`Not filed: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

/** Does something to a case, on the task that is offered where there is one. */
export async function act(api: Api, account: string, id: string, action: Record<string, unknown>): Promise<void> {
  const { body: shown } = await api.ask(account, 'GET', `/api/cases/${id}`);
  const { taskId } = shown.actions.find((one: { action: string }) => one.action === action['action']) ?? {};
  const seen = /^(approve|reject)$/.test(String(action['action'])) ? { seen: shown.form.digest } : {};
  const body = { ...action, ...seen, ...(taskId === undefined ? {} : { taskId }) };
  const answer = await api.ask(account, 'POST', `/api/cases/${id}/actions`, { body });
  if (answer.status !== 200) throw new Error(`${String(action['action'])}: ${JSON.stringify(answer.body)}`);
}

export async function approve(api: Api, id: string, accounts: readonly string[]): Promise<void> {
  for (const account of accounts) await act(api, account, id, { action: 'approve', opinion: '同意' });
}

export async function comesTo(api: Api, id: string, status: string): Promise<void> {
  await until(async () => (await api.ask(REQUESTER, 'GET', `/api/cases/${id}`)).body.status === status);
}

export async function ofGrant(api: Api, grantId: string, body: unknown): Promise<void> {
  const answer = await api.ask(PROVIDER_LEAD, 'POST', `/api/grants/${grantId}/actions`, { body });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

/** `santong rebuild --from-histories` on the platform of this API, in a process of its own. */
export async function rebuildFromHistories({ engine }: Api, ...args: readonly string[]): Promise<Ran> {
  const inherited = {
    PATH: process.env['PATH'],
    SANTONG_DATABASE_URL: engine.platform.url,
    SANTONG_TEMPORAL_ADDRESS: temporalAddress(),
    SANTONG_TEMPORAL_NAMESPACE: engine.namespace,
  };
  return santong({ dataDir: engine.dataDir, inherited }, 'rebuild', '--from-histories', ...args);
}
