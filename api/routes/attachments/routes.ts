import { findAttachment, isAttachedFor, readAttachment } from '../../../store/attachments.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import type { RouteDeps } from '../deps.ts';
import { presentAttachment } from './present.ts';
import { attachment, ATTACHMENT_LIMIT, attachmentParams, uploadQuery } from './schema.ts';
import { upload } from './upload.ts';

export function attachmentEndpoints({ db, policies }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/attachments',
      tag: 'attachments',
      summary: 'Upload a file for an application, as raw bytes; its SHA-256 is kept with it',
      access: { object: 'attachment', action: 'file' },
      query: uploadQuery,
      raw: true,
      bodyLimit: ATTACHMENT_LIMIT,
      answers: { 201: attachment },
      async handle(call) {
        const stored = await upload(db, call);
        const headers = { Location: `/api/attachments/${stored.id}` };
        return { status: 201, body: presentAttachment(stored), headers };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/attachments/:id',
      reads: 'attachment',
      tag: 'attachments',
      summary: 'A file: the uploading department’s, and of those whose case it is attached to',
      access: { object: 'attachment', action: 'read' },
      params: attachmentParams,
      answers: { 200: 'application/octet-stream' },
      async handle({ params, actor }) {
        const viewer = viewerOf(policies, actor, 'attachment');
        const found = await findAttachment(db, params.id);
        const isSeen =
          viewer.all ||
          found?.department === viewer.department ||
          (await isAttachedFor(db, params.id, viewer.department));
        const content = isSeen ? await readAttachment(db, params.id) : undefined;
        if (!found || !content) throw new Problem('NotFound');
        const headers = {
          // Never shown by a browser in the platform's own name: what is in it is the uploader's.
          'Content-Type': 'application/octet-stream',
          'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
          'Santong-Media-Type': found.mediaType,
          ETag: `"${found.sha256}"`,
        };
        return { status: 200, body: content, headers };
      },
    }),
  ];
}
