import { api, got } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import type { Application, CaseDetail, Entry } from '../api/types.ts';
import { type ApplicationDraft, emptyDraft, type ResourceDraft } from './application.ts';
import type { Uploaded } from './upload.ts';

/** An application made out of an earlier one, and what of that one could not come along. */
export interface Made {
  readonly draft: ApplicationDraft;
  /** Keys of the messages, `copy.lost.…`, with what they name. */
  readonly lost: readonly { readonly key: string; readonly names: string }[];
}

type Filed = NonNullable<CaseDetail['application']>;
type Resource = Pick<Application, 'entryId' | 'items' | 'masks' | 'rowScope' | 'reasons'>;

/** The application of a grant again, as the API makes it ready, with the papers of the case that it came from. */
export async function renewalOf(id: string): Promise<Made> {
  const params = { path: { id }, query: { as: 'renewal' as const } };
  const made: Application = await got(api.GET('/api/grants/{id}/application', { params }));
  const filed = made.follows && (await applicationOf(made.follows.caseId));
  const { period, follows } = made;
  const draft = { ...draftOf(made, resourcesOf(made), filed?.attachments ?? []), period };
  return { draft: follows ? { ...draft, follows } : draft, lost: [] };
}

/** An earlier request as a new one: what entries no longer offer stays behind, and so do the period and the warranties. */
export async function copyOf(caseId: string): Promise<Made> {
  const filed = await applicationOf(caseId);
  if (!filed) return { draft: emptyDraft([]), lost: [] };
  const asked = resourcesOf(filed);
  const found = await Promise.all(asked.map(async (one) => ({ one, entry: await currentEntry(one.entryId) })));
  const offered = found.flatMap(({ one, entry }) => (entry && mayAsk(entry) ? [within(one, entry)] : []));
  const gone = found.flatMap(({ one, entry }) => (entry && mayAsk(entry) ? [] : [entry?.name ?? one.entryId]));
  const items = offered.flatMap(({ lost }) => lost);
  const draft = draftOf(
    filed,
    offered.map(({ resource }) => resource),
    filed.attachments,
  );
  return {
    draft,
    lost: [
      ...(gone.length > 0 ? [{ key: 'entries', names: gone.join('、') }] : []),
      ...(items.length > 0 ? [{ key: 'items', names: items.join('、') }] : []),
      { key: 'always', names: '' },
    ],
  };
}

async function applicationOf(caseId: string): Promise<Filed | undefined> {
  const detail = await got(api.GET('/api/cases/{id}', { params: { path: { id: caseId } } }));
  return detail.application ?? undefined;
}

/** What is no longer there is undefined; what could not be asked is an error, so that it is not taken for gone. */
async function currentEntry(id: string): Promise<Entry | undefined> {
  try {
    return await got(api.GET('/api/catalogue/{id}', { params: { path: { id }, query: {} } }));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

function mayAsk(entry: Entry): boolean {
  return entry.actions.some(({ action }) => action === 'request');
}

function within(asked: ResourceDraft, entry: Entry): { resource: ResourceDraft; lost: string[] } {
  const offered = new Map(entry.items.filter((item) => item.shareType !== 'withheld').map((item) => [item.id, item]));
  const all = asked.rowScope.all.filter(
    ({ item, operator }) => offered.get(item)?.operators.includes(operator) === true,
  );
  const lost = [...asked.items, ...asked.rowScope.all.map(({ item }) => item)].filter((id) => !offered.has(id));
  const resource = {
    ...asked,
    items: asked.items.filter((id) => offered.has(id)),
    masks: {},
    rowScope: { all },
    isEveryRow: asked.isEveryRow,
  };
  return { resource, lost: [...new Set(lost)] };
}

function resourcesOf(made: Resource & { readonly further?: readonly unknown[] }): ResourceDraft[] {
  // As it was filed: an application for one resource names no others.
  return [made, ...((made.further as readonly Resource[] | undefined) ?? [])].map(
    ({ entryId, items, masks, rowScope, reasons = {} }) => ({
      entryId,
      items,
      masks: masks as Record<string, string>,
      reasons,
      rowScope: rowScope ?? { all: [] },
      isEveryRow: (rowScope?.all.length ?? 0) === 0,
    }),
  );
}

function draftOf(
  made: Pick<Application, 'legalBasis' | 'scenario' | 'purpose' | 'mode' | 'file' | 'rate' | 'schedule'>,
  resources: ResourceDraft[],
  attachments: readonly Uploaded[],
): ApplicationDraft {
  const { legalBasis, scenario, purpose, mode, file, rate, schedule } = made;
  const before = { ...(file ? { file } : {}), ...(rate ? { rate } : {}), ...(schedule ? { schedule } : {}) };
  return {
    ...emptyDraft([]),
    resources,
    legalBasis,
    scenario,
    purpose,
    mode,
    before,
    schedule: schedule?.kind === 'cron' ? 'as-before' : schedule?.kind === 'after-update' ? 'after-update' : 'none',
    attachments: attachments.map(({ id, name, size, sha256 }) => ({ id, name, size, ...(sha256 ? { sha256 } : {}) })),
  };
}
