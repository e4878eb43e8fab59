import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseDetail, DeliveryAnswer, GrantAnswer, ListOf, ReplayAnswer } from '../answers.ts';
import type { Client } from '../client.ts';
import { part } from '../context.ts';
import { Failure } from '../failure.ts';
import type { Output } from '../output.ts';
import { compare, type Departments } from './compare.ts';
import type { Progress } from '../progress.ts';
import type { RequestReport, Step } from './report.ts';
import type { Scenario } from './scenario.ts';

export interface DemoDeps {
  readonly output: Output;
  readonly departments: Departments;
  readonly progress: Progress;
  /** Logged in as this account; each is logged in once. */
  as(account: string): Promise<Client>;
}

const DELIVERED_WITHIN_MS = 120_000;

/** One request from filing to replay, every step by the account whose step it is. Rejects with a Failure. */
export async function runRequest(scenario: Scenario, deps: DemoDeps): Promise<RequestReport> {
  const { output, as } = deps;
  const { say, word } = output;
  const steps: Step[] = [];
  const applicant = `${scenario.requester}.requester`;
  const took = (account: string, action: string, more = ''): void => {
    steps.push({ at: new Date().toISOString(), account, action });
    const who = account === 'system' ? say('平台', 'platform') : account;
    output.note(`  ✓ ${who}  ${word(action === 'approve' ? 'approved' : action)}${more === '' ? '' : `  ${more}`}`);
  };

  const filed = await file(await as(applicant), scenario);
  took(applicant, 'filed', `${filed.number}  ${say('附件', 'attached')}: ${scenario.letter}.txt`);
  const { supplement } = scenario;
  for (const { account, stage, opinion } of scenario.answers) {
    // A place may have chosen a route without this stage.
    if (!filed.stages.some(({ id }) => id === stage)) continue;
    if (supplement?.by === account) {
      await answer(await as(account), filed.id, {
        action: 'askSupplement',
        missing: [{ part: 'attachments', text: supplement.missing }],
      });
      took(account, 'supplementAsked', supplement.missing);
      await hand(await as(applicant), filed, supplement);
      took(applicant, 'supplemented', supplement.file);
    }
    await answer(await as(account), filed.id, { action: 'approve', opinion });
    took(account, 'approve', `${word(stage)} · ${opinion}`);
  }

  const { found, grant, delivery } = await delivered(await as(applicant), filed.id, deps);
  const { manifest } = delivery;
  if (!manifest || !('target' in manifest)) {
    throw new Failure('disagrees', say('交付没有清单', 'The delivery has no manifest'));
  }
  const seconds = (Date.parse(manifest.endedAt) - Date.parse(manifest.startedAt)) / 1_000;
  took('system', 'delivered', say(`${manifest.rows} 行，${seconds} 秒`, `${manifest.rows} rows in ${seconds} s`));

  const checks = await compare(deps.departments, { scenario, application: found.application, manifest });
  const replay = await (await as('auditor')).post<ReplayAnswer>(`/api/cases/${part(filed.id)}/replay`);
  const isReplayed = replay.verdict === 'agrees';
  return {
    scenario: scenario.key,
    title: found.title,
    case: { id: found.id, number: found.number, status: found.status },
    requester: output.name(found.requester),
    provider: output.name(found.provider),
    steps,
    grant: { id: grant.id, number: grant.number },
    delivery: { id: delivery.id, seconds, manifest },
    replay: { verdict: replay.verdict, events: replay.events, decisions: replay.decisions.length },
    checks: [...checks, { check: 'replay', ok: isReplayed, expected: 'agrees', found: replay.verdict }],
  };
}

async function file(client: Client, { entryId, application, letter }: Scenario): Promise<CaseDetail> {
  const attachment = await upload(
    client,
    `${letter}.txt`,
    `${letter}\n\n${application.scenario}\n${application.legalBasis}\n`,
  );
  return client.post<CaseDetail>('/api/share-requests', {
    body: {
      entryId,
      ...application,
      // Whoever was given less before says of each further item why it is needed.
      reasons: Object.fromEntries(application.items.map((item) => [item, application.purpose])),
      mode: 'batch',
      period: nextYear(),
      warranties: { true: true, lawful: true, necessary: true },
      attachments: [attachment],
    },
  });
}

async function upload(client: Client, name: string, text: string): Promise<string> {
  const query = { name, mediaType: 'text/plain' };
  return (await client.post<{ id: string }>('/api/attachments', { query, raw: Buffer.from(text, 'utf8') })).id;
}

/** Answers the task that the case offers this account, over the form as it is now. */
async function answer(
  client: Client,
  caseId: string,
  body: { readonly action: string } & Record<string, unknown>,
): Promise<void> {
  const found = await client.get<CaseDetail>(`/api/cases/${part(caseId)}`);
  const taskId = found.actions.find(({ action }) => action === body.action)?.taskId;
  const seen = body.action === 'approve' ? { seen: found.form.seen } : {};
  await client.post(`/api/cases/${part(caseId)}/actions`, { body: { ...body, ...seen, taskId } });
}

async function hand(
  client: Client,
  { id, application }: CaseDetail,
  { file: name, note }: NonNullable<Scenario['supplement']>,
): Promise<void> {
  const added = await upload(client, name, `${name}\n\n${application.scenario}\n`);
  const attachments = [...application.attachments.map((one) => one.id), added];
  await client.post(`/api/cases/${part(id)}/actions`, { body: { action: 'supplement', form: { attachments }, note } });
}

interface Arrived {
  readonly found: CaseDetail;
  readonly grant: GrantAnswer;
  readonly delivery: DeliveryAnswer;
}

/** Waits for the case to end with its first delivery. @throws {Failure} disagrees, if the delivery failed or does not come */
async function delivered(client: Client, caseId: string, { output, progress }: DemoDeps): Promise<Arrived> {
  const { say } = output;
  const bar = progress.begin();
  try {
    for (const until = Date.now() + DELIVERED_WITHIN_MS; Date.now() < until; await sleep(150)) {
      const found = await client.get<CaseDetail>(`/api/cases/${part(caseId)}`);
      if (found.grantId === null) continue;
      const { items } = await client.get<ListOf<DeliveryAnswer>>(`/api/grants/${part(found.grantId)}/deliveries`);
      const delivery = items[0];
      if (delivery) bar.show(delivery.manifest?.rows ?? delivery.progress.rowsDone, delivery.progress.rowsTotal ?? 0);
      if (delivery?.status === 'failed' || ['delivery-failed', 'undelivered'].includes(found.status)) {
        const why = delivery?.reason?.message ?? JSON.stringify(delivery?.reason ?? found.delivery);
        throw new Failure('disagrees', say(`交付失败：${why}`, `The delivery failed: ${why}`));
      }
      if (delivery?.status !== 'delivered' || found.status !== 'completed') continue;
      return { found, delivery, grant: await client.get<GrantAnswer>(`/api/grants/${part(found.grantId)}`) };
    }
  } finally {
    bar.end();
  }
  throw new Failure('disagrees', say('两分钟内没有完成交付', 'Nothing was delivered within two minutes'));
}

/** From today, in Asia/Shanghai, for 364 days. */
function nextYear(): { readonly from: string; readonly to: string } {
  const today = Date.now() + 8 * 3_600_000;
  const date = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);
  return { from: date(today), to: date(today + 364 * 86_400_000) };
}
