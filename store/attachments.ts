import type { Knex } from 'knex';
import type { AttachmentRef } from '../domain/share-request.ts';

export interface Attachment extends AttachmentRef {
  readonly mediaType: string;
  readonly department: string;
  readonly uploadedBy: string;
  readonly uploadedAt: Date;
}

export interface NewAttachment extends AttachmentRef {
  readonly mediaType: string;
  readonly department: string;
  readonly uploadedBy: string;
  readonly content: Uint8Array;
}

const COLUMNS = [
  'id',
  'name',
  'size',
  'sha256',
  'media_type as mediaType',
  'department_id as department',
  'uploaded_by as uploadedBy',
  'uploaded_at as uploadedAt',
] as const;

export async function insertAttachment(db: Knex, attachment: NewAttachment): Promise<void> {
  await db('attachments').insert({
    id: attachment.id,
    name: attachment.name,
    media_type: attachment.mediaType,
    size: attachment.size,
    sha256: attachment.sha256,
    content: attachment.content,
    department_id: attachment.department,
    uploaded_by: attachment.uploadedBy,
  });
}

/** `id` must be a UUID. */
export async function findAttachment(db: Knex, id: string): Promise<Attachment | undefined> {
  return db('attachments')
    .first<Attachment | undefined>(...COLUMNS)
    .where({ id });
}

export async function readAttachment(db: Knex, id: string): Promise<Uint8Array | undefined> {
  const row = await db('attachments').first<{ content: Buffer } | undefined>('content').where({ id });
  return row?.content;
}

/** Those of the attachments that exist, in the order of the ids, which must be UUIDs: whose they are the caller knows. */
export async function namesOfAttachments(db: Knex, ids: readonly string[]): Promise<AttachmentRef[]> {
  if (ids.length === 0) return [];
  const rows = await db('attachments')
    .select<AttachmentRef[]>('id', 'name', 'size', 'sha256')
    .whereIn('id', [...ids]);
  return rows.toSorted((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
}

/** Those of the attachments that exist and belong to a department, in the order of the ids; ids must be UUIDs. */
export async function attachmentsOf(db: Knex, department: string, ids: readonly string[]): Promise<AttachmentRef[]> {
  if (ids.length === 0) return [];
  const rows = await db('attachments')
    .select<AttachmentRef[]>('id', 'name', 'size', 'sha256')
    .where({ department_id: department })
    .whereIn('id', [...ids]);
  return ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
}

/** Whether a form of a case that one of the departments takes part in names the attachment. */
export async function isAttachedFor(db: Knex, id: string, department: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from forms f join cases c on c.id = f.case_id
      where f.body->'attachments' @> jsonb_build_array(jsonb_build_object('id', ?::text))
        and ? in (c.requester_id, c.provider_id) limit 1`,
    [id, department],
  );
  return rows.length > 0;
}
