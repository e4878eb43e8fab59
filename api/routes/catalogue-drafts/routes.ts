import { type DraftRow, findEntryDraft, listDrafts } from '../../../store/catalogue-drafts.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { answerSuggestions, beginDraft, checkEntryDraft, dropDraft, patchDraft } from '../../catalogue-drafts.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { type CallerCall, endpoint, type Endpoint, type Reply } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { listOf } from '../../schema.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { type DraftContext, presentDraft, presentDraftSummary } from './present.ts';
import {
  draftDetail,
  draftParams,
  draftPatch,
  draftQuery,
  draftSummary,
  newDraft,
  suggestionAnswer,
} from './schema.ts';

const READ = { object: 'catalogue-draft', action: 'read' } as const;
const EDIT = { object: 'catalogue-draft', action: 'edit' } as const;
const tag = 'catalogue';

type Call = Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'locale'>;

/** Entries that are being compiled (目录梳理). Registered before the entries themselves: `drafts` is no entry. */
export function catalogueDraftEndpoints({ db, policies, departments, mounts }: RouteDeps): Endpoint[] {
  async function contextOf({ actor, locale }: Call, drafts: readonly DraftRow[]): Promise<DraftContext> {
    const people = drafts.map(({ createdBy }) => createdBy);
    const [names, known] = await Promise.all([namesOfPeople(db, people), departments()]);
    return { actor, locale, policies, names, departments: known };
  }

  async function shown(id: string, call: Call, status = 200): Promise<Reply> {
    const viewer = viewerOf(policies, call.actor, 'catalogue-draft');
    const draft = await findEntryDraft(db, id);
    if (!draft || (!viewer.all && viewer.department !== draft.provider)) throw new Problem('NotFound');
    const [checked, context] = await Promise.all([
      checkEntryDraft({ db, mounts }, draft, { isFresh: false }),
      contextOf(call, [draft]),
    ]);
    const headers = { ETag: `"${draft.revision}"`, Location: `/api/catalogue/drafts/${draft.id}` };
    return { status, body: presentDraft(draft, checked, context), headers };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/drafts',
      tag,
      summary: 'Entries that the department is compiling; of all departments for authority and auditor',
      access: READ,
      query: draftQuery,
      answers: { 200: listOf(draftSummary) },
      async handle(call) {
        const viewer = viewerOf(policies, call.actor, 'catalogue-draft');
        const { provider, status, entryId } = call.query;
        const own = viewer.all ? provider : viewer.department;
        const filter = withoutUndefined({ provider: own, status, entryId });
        const page = await listDrafts(db, filter, pageRequest('catalogue-drafts', call.query));
        const context = await contextOf(call, page.items);
        const present = presentPage('catalogue-drafts', page, (one) => presentDraftSummary(one, context));
        return { status: 200, body: present };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/catalogue/drafts',
      tag,
      summary: 'Begin an entry by hand, or a change of a published entry of the own department',
      access: EDIT,
      body: newDraft,
      answers: { 201: draftDetail },
      handle: async (call) => shown(await beginDraft(db, call), call, 201),
    }),
    endpoint({
      method: 'get',
      path: '/api/catalogue/drafts/:id',
      tag,
      summary: 'A draft with what filing it would be refused for, and what was found out about it',
      access: READ,
      params: draftParams,
      answers: { 200: draftDetail },
      handle: async (call) => shown(call.params.id, call),
    }),
    endpoint({
      method: 'patch',
      path: '/api/catalogue/drafts/:id',
      tag,
      summary: 'Change a draft by a JSON merge patch, and be told what is still wrong with it',
      access: EDIT,
      params: draftParams,
      body: draftPatch,
      ifMatch: 'required',
      answers: { 200: draftDetail },
      async handle(call) {
        await patchDraft({ db, policies }, call);
        return shown(call.params.id, call);
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/catalogue/drafts/:id/suggestions',
      tag,
      summary: 'Accept or refuse some of what was found out about a draft',
      access: EDIT,
      params: draftParams,
      body: suggestionAnswer,
      ifMatch: 'required',
      answers: { 200: draftDetail },
      async handle(call) {
        await answerSuggestions({ db, policies }, call);
        return shown(call.params.id, call);
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/catalogue/drafts/:id',
      tag,
      summary: 'Drop a draft',
      access: EDIT,
      params: draftParams,
      ifMatch: 'required',
      answers: { 204: undefined },
      async handle(call) {
        await dropDraft({ db, policies }, call);
        return { status: 204 };
      },
    }),
  ];
}
