import { randomUUID } from 'node:crypto';
import type { Actor, Fault } from '../../../domain/language.ts';
import { articleFaults, type ArticleContent, type ArticleKind } from '../../../domain/articles.ts';
import {
  type Article,
  findArticle,
  insertArticle,
  listArticles,
  publishArticle,
  withdrawArticle,
  writeArticle,
} from '../../../store/articles.ts';
import { attachmentsOf } from '../../../store/attachments.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint, type Reply } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { ATTACHMENT_LIMIT, uploadQuery } from '../attachments/schema.ts';
import { upload } from '../attachments/upload.ts';
import type { RouteDeps } from '../deps.ts';
import { presentArticle, presentArticleSummary, presentFile } from './present.ts';
import {
  article,
  articleAction,
  articleContent,
  articleFile,
  articleList,
  articleParams,
  articleQuery,
  newArticle,
} from './schema.ts';

const READ = { object: 'article', action: 'read' } as const;
const MANAGE = { object: 'article', action: 'manage' } as const;
const tag = 'articles';
const LIST = 'articles';

/** News, policies and training material, as the authority writes, publishes and withdraws them. */
export function articleEndpoints({ db, policies }: RouteDeps): Endpoint[] {
  async function existing(id: string): Promise<Article> {
    const found = await findArticle(db, id);
    if (!found) throw new Problem('NotFound');
    return found;
  }

  async function shown(id: string, actor: Actor, status = 200): Promise<Reply> {
    const found = await existing(id);
    const people = [found.changedBy, ...found.history.map(({ person }) => person)];
    const [names, files] = await Promise.all([
      namesOfPeople(db, people),
      attachmentsOf(db, actor.department, found.content.attachments),
    ]);
    const mayManage = policies.may(actor, 'manage', 'article', actor.department);
    const body = presentArticle(found, { names, files, mayManage });
    return { status, body, headers: { ETag: `"${found.revision}"` } };
  }

  /** @throws {Problem} Invalid with everything that is wrong */
  async function requireSound(kind: ArticleKind, content: ArticleContent, actor: Actor, isToPublish = false) {
    const files = await attachmentsOf(db, actor.department, content.attachments);
    const known = new Set(files.map(({ id }) => id));
    const unknown = content.attachments.flatMap((id, at): Fault[] =>
      known.has(id) ? [] : [{ pointer: `/attachments/${at}`, code: 'UnknownAttachment' }],
    );
    const faults = [...articleFaults(kind, content, isToPublish), ...unknown];
    if (faults.length > 0) throw new Problem('Invalid', { faults });
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/articles',
      tag,
      summary: 'Every article, the latest changed first, with what nobody outside sees yet',
      access: READ,
      query: articleQuery,
      answers: { 200: articleList },
      async handle({ query }) {
        const { limit, cursor, ...filter } = query;
        const page = await listArticles(db, withoutUndefined(filter), pageRequest(LIST, { limit, cursor }));
        const names = await namesOfPeople(
          db,
          page.items.map(({ changedBy }) => changedBy),
        );
        return { status: 200, body: presentPage(LIST, page, (one) => presentArticleSummary(one, names)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/articles',
      tag,
      summary: 'Begin an article; nobody outside sees it before it is published',
      access: MANAGE,
      body: newArticle,
      answers: { 201: article },
      async handle(call) {
        const { body, actor, at } = call;
        const content = withoutUndefined(body.content) as ArticleContent;
        await requireSound(body.kind, content, actor);
        const id = randomUUID();
        const made = await once(db, call, {
          kind: 'article',
          action: 'write',
          id,
          work: (trx) => insertArticle(trx, { id, kind: body.kind, content, by: actor.person, at }),
        });
        return shown(made, actor, 201);
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/articles/files',
      tag,
      summary:
        'Upload a file for an article, as raw bytes; anybody may read it once an article that names it is public',
      access: MANAGE,
      query: uploadQuery,
      raw: true,
      bodyLimit: ATTACHMENT_LIMIT,
      answers: { 201: articleFile },
      async handle(call) {
        return { status: 201, body: presentFile(await upload(db, call)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/articles/:id',
      tag,
      summary: 'One article as it is being written, with what was done with it',
      access: READ,
      params: articleParams,
      answers: { 200: article },
      handle: ({ params, actor }) => shown(params.id, actor),
    }),
    endpoint({
      method: 'put',
      path: '/api/articles/:id',
      tag,
      summary: 'Keep what is written; the public sees what was published until this is published too',
      access: MANAGE,
      params: articleParams,
      body: articleContent,
      ifMatch: 'required',
      answers: { 200: article },
      async handle({ params, body, headers, actor, at }) {
        const found = await existing(params.id);
        const revision = seen(found, headers['if-match']);
        const content = withoutUndefined(body) as ArticleContent;
        await requireSound(found.kind, content, actor);
        const isKept = await writeArticle(db, { id: found.id, revision, content, by: actor.person, at });
        if (!isKept) throw new Problem('PreconditionFailed');
        return shown(found.id, actor);
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/articles/:id/actions',
      tag,
      summary: 'Publish what is written as the next version, or withdraw the article from the public',
      access: MANAGE,
      params: articleParams,
      body: articleAction,
      ifMatch: 'required',
      answers: { 200: article },
      async handle(call) {
        const { params, body, headers, actor, at } = call;
        const found = await existing(params.id);
        const { id, kind, content } = found;
        if (body.action === 'publish') await requireSound(kind, content, actor, true);
        await once(db, call, {
          kind: 'article',
          action: body.action,
          id,
          async work(trx) {
            const step = { id, revision: seen(found, headers['if-match']), by: actor.person, at };
            const isDone =
              body.action === 'publish'
                ? await publishArticle(trx, step)
                : await withdrawArticle(trx, { ...step, reason: body.reason });
            if (!isDone) throw new Problem('PreconditionFailed');
          },
        });
        return shown(id, actor);
      },
    }),
  ];
}

/** The revision that the caller has seen. @throws {Problem} where it is not the present one, or none is named */
function seen({ revision }: Article, match: string | undefined): number {
  if (match === undefined) throw new Problem('PreconditionRequired');
  if (match !== '*' && match !== `"${revision}"`) throw new Problem('PreconditionFailed');
  return revision;
}
