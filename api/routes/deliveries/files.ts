import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { dateIn } from '../../../domain/calendar.ts';
import type { FilePart } from '../../../domain/file-delivery.ts';
import { sharingAskOf } from '../../../domain/sharing.ts';
import { type DeliveryRow, findDelivery } from '../../../store/deliveries.ts';
import { findFile, readFile } from '../../../store/delivery-files.ts';
import {
  type DeliveryLink,
  findLink,
  insertDownload,
  insertLink,
  listDownloads,
  useLink,
} from '../../../store/delivery-links.ts';
import { linesFor } from '../../../store/sharing-lines.ts';
import { grantWithEntry } from '../../../store/transfers.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { isLinkSignature, linkSignature } from '../../delivery-link-signature.ts';
import { type CallerCall, endpoint, type Endpoint, publicEndpoint, type Reply } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { mayIn, viewerOf } from '../../reach.ts';
import { idParams, listOf } from '../../schema.ts';
import { timeOf } from '../../time.ts';
import type { RouteDeps } from '../deps.ts';
import { download, downloadQuery, fileQuery, link, linkBody, linkQuery } from './file-schema.ts';

type Asked = Pick<CallerCall<unknown, unknown, unknown>, 'actor'>;

/** What the platform keeps of file deliveries, for the department that they were made for. */
export function deliveryFileEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies, outside } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/deliveries/:id/file',
      tag: 'deliveries',
      summary: 'A file that was delivered, or what lies beside it: the requester’s, as long as the grant is in force',
      access: { object: 'delivery', action: 'download' },
      params: idParams,
      query: fileQuery,
      answers: { 200: 'application/octet-stream' },
      async handle({ params, query, actor, at, method, address }) {
        const row = await fetchable(deps, params.id, { actor });
        const { part } = query;
        return fileReply(deps, row, {
          part,
          at,
          async note() {
            if (method === 'HEAD') return;
            await insertDownload(db, { deliveryId: row.id, part, personId: actor.person, linkId: null, address });
          },
        });
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/deliveries/:id/links',
      tag: 'deliveries',
      summary: 'Make a link to the file that works once, without a session, until it expires',
      access: { object: 'delivery', action: 'download' },
      params: idParams,
      body: linkBody,
      answers: { 201: link },
      async handle(call) {
        const { actor, body, at } = call;
        const row = await fetchable(deps, call.params.id, call);
        await requireInForce(deps, row, at);
        if (!(await findFile(db, row.id, body.part))) throw new Problem('FileNotHere');
        // Whole seconds, as they stand in the link.
        const expiresAt = new Date(Math.ceil(Date.parse(at) / 1_000) * 1_000 + body.minutes * 60_000);
        const made = { id: randomUUID(), deliveryId: row.id, part: body.part, madeBy: actor.person, expiresAt };
        const work = (trx: Parameters<typeof insertLink>[0]): Promise<void> => insertLink(trx, made);
        const id = await once(db, call, { kind: 'delivery-link', id: made.id, action: 'make', work });
        const found = await findLink(db, id);
        if (!found) throw new Error(`Link ${id} was made and is not there`);
        return { status: 201, body: presentLink(found, outside) };
      },
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/delivery-file',
      tag: 'deliveries',
      summary: 'The file behind a link that works once',
      query: linkQuery,
      answers: { 200: 'application/octet-stream' },
      async handle({ query, at, method, address }) {
        const { link: id } = query;
        const isGenuine = isLinkSignature(outside.secretKey, { ...query, id });
        const found = isGenuine ? await findLink(db, id) : undefined;
        const row = found && (await findDelivery(db, found.deliveryId, { all: true }));
        if (!found || !row) throw new Problem('NotFound');
        if (found.usedAt !== null || found.expiresAt.getTime() <= Date.parse(at)) throw new Problem('LinkSpent');
        const { part } = found;
        return fileReply(deps, row, {
          part,
          at,
          async note() {
            // Mail programs look at links before people do: that does not use them up.
            if (method === 'HEAD') return;
            await db.transaction(async (trx) => {
              if (!(await useLink(trx, id))) throw new Problem('LinkSpent');
              await insertDownload(trx, { deliveryId: row.id, part, personId: null, linkId: id, address });
            });
          },
        });
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/deliveries/:id/downloads',
      tag: 'deliveries',
      summary: 'Who has fetched the file, when and from where: for both parties and those who supervise',
      access: { object: 'delivery', action: 'read' },
      params: idParams,
      query: downloadQuery,
      answers: { 200: listOf(download) },
      async handle({ params, query, actor }) {
        const row = await findDelivery(db, params.id, viewerOf(policies, actor, 'delivery'));
        if (!row) throw new Problem('NotFound');
        const page = await listDownloads(db, row.id, pageRequest('downloads', query));
        const body = presentPage('downloads', page, ({ id, part, personId, linkId, linkMadeBy, address, at }) => ({
          id,
          part,
          person: personId,
          link: linkId === null ? null : { id: linkId, madeBy: linkMadeBy ?? '' },
          address,
          at: timeOf(at),
        }));
        return { status: 200, body };
      },
    }),
  ];
}

/** @throws {Problem} NotFound, NotAllowed for a party other than the requester */
async function fetchable({ db, policies }: RouteDeps, id: string, { actor }: Asked): Promise<DeliveryRow> {
  const row = await findDelivery(db, id, viewerOf(policies, actor, 'delivery'));
  if (!row) throw new Problem('NotFound');
  const { grant } = await grantWithEntry(db, row.grantId);
  const isTheirs = mayIn(policies, actor, { action: 'download', object: 'delivery', departments: [grant.requester] });
  if (!isTheirs) throw new Problem('NotAllowed');
  return row;
}

/** Access ends with the grant, and rests while it is suspended (R809 Art.27, Art.28): the policies are asked every time. */
async function requireInForce({ db, policies }: RouteDeps, row: DeliveryRow, at: string): Promise<void> {
  const { grant, entry } = await grantWithEntry(db, row.grantId);
  const lines = await linesFor(db, grant.requester, grant.entryId);
  if (!policies.mayShare(lines, sharingAskOf(grant, entry, dateIn(at))).allowed) throw new Problem('GrantNotActive');
}

interface Fetching {
  readonly part: FilePart;
  readonly at: string;
  /** Puts on record that it is fetched, before the first byte leaves. */
  note(): Promise<void>;
}

async function fileReply(deps: RouteDeps, row: DeliveryRow, { part, at, note }: Fetching): Promise<Reply> {
  await requireInForce(deps, row, at);
  const file = await findFile(deps.db, row.id, part);
  if (!file) throw new Problem('FileNotHere');
  await note();
  const sha256 = part === 'data' && row.manifest && 'file' in row.manifest ? row.manifest.file.sha256 : undefined;
  const headers = {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${file.name}"`,
    'Content-Length': String(file.bytes),
    ...(sha256 === undefined ? {} : { ETag: `"${sha256}"` }),
  };
  return { status: 200, body: Readable.from(readFile(deps.db, row.id, part)), headers };
}

function presentLink({ id, part, expiresAt }: DeliveryLink, { secretKey, publicUrl = '' }: RouteDeps['outside']) {
  const expires = expiresAt.getTime() / 1_000;
  const query = new URLSearchParams({
    link: id,
    expires: String(expires),
    signature: linkSignature(secretKey, id, expires),
  });
  return { id, part, href: `${publicUrl}/api/delivery-file?${query.toString()}`, expiresAt: timeOf(expiresAt) };
}
