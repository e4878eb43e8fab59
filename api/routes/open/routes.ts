import type { z } from 'zod';
import { wordsOf } from '../../../domain/search-words.ts';
import {
  countPublished,
  findPublished,
  isPublicFile,
  listPublished,
  versionsOfArticle,
} from '../../../store/articles.ts';
import { findAttachment, namesOfAttachments, readAttachment } from '../../../store/attachments.ts';
import { findEntry } from '../../../store/catalogue.ts';
import { countFacets } from '../../../store/catalogue-facets.ts';
import { searchEntries } from '../../../store/catalogue-find.ts';
import { openFigures, openShares } from '../../../store/open-figures.ts';
import { cacheable } from '../../cacheable.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { type Call, type Endpoint, publicEndpoint, type Reply } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { publicLimit } from '../../public-limit.ts';
import { idParams } from '../../schema.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { attachmentParams } from '../attachments/schema.ts';
import type { RouteDeps } from '../deps.ts';
import { presentDepartment } from '../departments/present.ts';
import { presentOpenArticle, presentOpenEntry, presentOpenSummary } from './present.ts';
import {
  openArticle,
  openArticleList,
  openArticleParams,
  openArticleQuery,
  openEntry,
  openEntryList,
  openEntryQuery,
  openStatistics,
  openVersionQuery,
} from './schema.ts';

const tag = 'open';
/** Ten requests a second of one address on an average over a minute: more than anybody reads. */
const LIMIT = { most: 600, spanMs: 60_000 } as const;
const YEAR_MS = 365 * 86_400_000;

type Given = Pick<Call<unknown, unknown, unknown>, 'address' | 'headers'>;

/** What anybody may read, logged in or not: the same for all, so that it can be kept by caches on the way. */
export function openEndpoints({ db, departments }: RouteDeps): Endpoint[] {
  const limit = publicLimit(LIMIT);

  async function answer({ address, headers }: Given, make: () => Promise<unknown>): Promise<Reply> {
    limit.admit(address);
    return cacheable(await make(), headers);
  }

  async function entries({ limit: most, cursor, theme, ...given }: z.output<typeof openEntryQuery>) {
    const filter = withoutUndefined({ ...given, classification: theme });
    const order = filter.q === undefined ? 'code' : 'relevance';
    const list = `open-entries-${order}` as const;
    const [page, { total, facets }, known] = await Promise.all([
      searchEntries(db, filter, { order, page: pageRequest(list, { limit: most, cursor }) }),
      countFacets(db, filter),
      departments(),
    ]);
    const provider = facets.provider.map((one) => ({ ...one, department: presentDepartment(one.value, known) }));
    return {
      ...presentPage(list, page, (one) => presentOpenEntry(one, known)),
      total,
      facets: { theme: facets.theme, shareType: facets.shareType, provider },
    };
  }

  async function articles({ limit: most, cursor, kind, q }: z.output<typeof openArticleQuery>) {
    const words = q === undefined ? undefined : wordsOf(q);
    // What was typed has no word in it: it is found nowhere.
    if (words?.length === 0) return { items: [], nextCursor: null, total: 0 };
    const filter = withoutUndefined({ kind, words });
    const list = `open-articles:${kind ?? ''}` as const;
    const [page, total] = await Promise.all([
      listPublished(db, filter, pageRequest(list, { limit: most, cursor })),
      countPublished(db, filter),
    ]);
    return { ...presentPage(list, page, presentOpenSummary), total };
  }

  async function article(id: string, version: number | undefined) {
    const found = await findPublished(db, id, version);
    if (!found) throw new Problem('NotFound');
    const [files, versions] = await Promise.all([
      namesOfAttachments(db, found.content.attachments),
      versionsOfArticle(db, id),
    ]);
    return presentOpenArticle(found, { files, versions });
  }

  async function statistics() {
    const [figures, byProvider, byTheme, byShareType, known] = await Promise.all([
      openFigures(db, new Date(Date.now() - YEAR_MS)),
      openShares(db, 'provider'),
      openShares(db, 'theme'),
      openShares(db, 'shareType'),
      departments(),
    ]);
    const named = byProvider.map((one) => ({ ...one, department: presentDepartment(one.id, known) }));
    return { ...figures, byTheme, byShareType, byProvider: named };
  }

  return [
    publicEndpoint({
      method: 'get',
      path: '/api/open/entries',
      tag,
      summary: 'The catalogue as far as the public may see it, by words, theme, department and share type',
      query: openEntryQuery,
      answers: { 200: openEntryList },
      handle: (call) => answer(call, () => entries(call.query)),
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/open/entries/:id',
      tag,
      summary: 'One entry as far as the public may see it; of a withheld one by which document and article',
      params: idParams,
      answers: { 200: openEntry },
      handle: (call) =>
        answer(call, async () => {
          const [found, known] = await Promise.all([findEntry(db, call.params.id), departments()]);
          if (!found || found.status === 'withdrawn') throw new Problem('NotFound');
          return presentOpenEntry(found, known);
        }),
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/open/articles',
      tag,
      summary: 'News, policies and training material, the newest first',
      query: openArticleQuery,
      answers: { 200: openArticleList },
      handle: (call) => answer(call, () => articles(call.query)),
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/open/articles/:id',
      tag,
      summary: 'One of them: the current version, or the one named',
      params: openArticleParams,
      query: openVersionQuery,
      answers: { 200: openArticle },
      handle: (call) => answer(call, () => article(call.params.id, call.query.version)),
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/open/files/:id',
      tag,
      summary: 'A file that goes with what is public now',
      params: attachmentParams,
      answers: { 200: 'application/octet-stream' },
      async handle({ params, address }) {
        limit.admit(address);
        const isPublic = await isPublicFile(db, params.id);
        const [found, content] = isPublic
          ? await Promise.all([findAttachment(db, params.id), readAttachment(db, params.id)])
          : [];
        if (!found || !content) throw new Problem('NotFound');
        const headers = {
          // Never shown by a browser in the platform's own name.
          'Content-Type': 'application/octet-stream',
          'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
          ETag: `"${found.sha256}"`,
        };
        return { status: 200, body: content, headers };
      },
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/open/statistics',
      tag,
      summary: 'Sharing in numbers: departments, entries by theme, grants in force, working days to an answer',
      answers: { 200: openStatistics },
      handle: (call) => answer(call, statistics),
    }),
  ];
}
