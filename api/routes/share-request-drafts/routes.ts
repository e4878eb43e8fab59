import {
  changeRequestDraft,
  countRequestDrafts,
  dropRequestDraft,
  findRequestDraft,
  insertRequestDraft,
  listRequestDrafts,
  type RequestDraftSummary,
} from '../../../store/share-request-drafts.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint, type Reply } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { timeOf } from '../../time.ts';
import type { RouteDeps } from '../deps.ts';
import { requestDraft, requestDraftBody, requestDraftList, requestDraftParams, requestDraftQuery } from './schema.ts';

const FILE = { object: 'share-request', action: 'file' } as const;
const tag = 'share-requests';
const LIST = 'share-request-drafts';
const PATH = '/api/share-request-drafts';
const MOST = 100;
/** The revision of what is not there yet. */
const NEW = '"0"';

/** Applications while they are written, so that they can be gone on with anywhere: their author's and nobody else's. */
export function shareRequestDraftEndpoints({ db }: Pick<RouteDeps, 'db'>): Endpoint[] {
  async function shown(own: { readonly id: string; readonly person: string }): Promise<Reply> {
    const found = await findRequestDraft(db, own);
    if (!found) throw new Problem('NotFound');
    const body = { ...present(found), content: found.content };
    return { status: 200, body, headers: { ETag: `"${found.revision}"` } };
  }

  return [
    endpoint({
      method: 'get',
      path: PATH,
      tag,
      summary: 'The applications that the caller is writing, the latest changed first',
      access: FILE,
      query: requestDraftQuery,
      answers: { 200: requestDraftList },
      async handle({ query, actor }) {
        const page = await listRequestDrafts(db, actor.person, pageRequest(LIST, query));
        return { status: 200, body: presentPage(LIST, page, present) };
      },
    }),
    endpoint({
      method: 'get',
      path: `${PATH}/:id`,
      tag,
      summary: 'One of them, as far as it is written',
      access: FILE,
      params: requestDraftParams,
      answers: { 200: requestDraft },
      handle: ({ params, actor }) => shown({ id: params.id, person: actor.person }),
    }),
    endpoint({
      method: 'put',
      path: `${PATH}/:id`,
      tag,
      summary:
        'Keep an application as far as it is written; `If-Match: "0"` begins one under an id of the caller’s own',
      access: FILE,
      params: requestDraftParams,
      body: requestDraftBody,
      ifMatch: 'required',
      answers: { 200: requestDraft },
      async handle({ params, body, headers, actor }) {
        const match = headers['if-match'];
        const own = { id: params.id, person: actor.person };
        if (match === undefined) throw new Problem('PreconditionRequired');
        if (match === NEW) {
          if ((await countRequestDrafts(db, actor.person)) >= MOST) throw new Problem('TooManyDrafts');
          if (await insertRequestDraft(db, own, body)) return shown(own);
        } else if (await changeRequestDraft(db, { ...own, ...revisionIn(match) }, body)) {
          return shown(own);
        }
        throw new Problem((await findRequestDraft(db, own)) ? 'PreconditionFailed' : 'NotFound');
      },
    }),
    endpoint({
      method: 'delete',
      path: `${PATH}/:id`,
      tag,
      summary: 'Let go of one',
      access: FILE,
      params: requestDraftParams,
      answers: { 204: undefined },
      async handle({ params, actor }) {
        if (!(await dropRequestDraft(db, { id: params.id, person: actor.person }))) throw new Problem('NotFound');
        return { status: 204 };
      },
    }),
  ];
}

/** What is no revision is that of no draft. */
function revisionIn(match: string): { readonly revision?: number } {
  if (match === '*') return {};
  const [, digits] = /^"(\d{1,9})"$/.exec(match) ?? [];
  return { revision: Number(digits ?? 0) };
}

function present({ id, title, revision, createdAt, updatedAt }: RequestDraftSummary) {
  return { id, title, revision, createdAt: timeOf(createdAt), updatedAt: timeOf(updatedAt) };
}
