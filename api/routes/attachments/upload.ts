import { createHash, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type Attachment, findAttachment, insertAttachment } from '../../../store/attachments.ts';
import { findCommand, insertCommand, settleCommand } from '../../../store/commands.ts';
import type { CallerCall } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';

type Call = CallerCall<unknown, { readonly name: string; readonly mediaType: string }, unknown>;

/** Keeps a file once for each key: sent again under the same one, it is the same attachment. */
export async function upload(db: Knex, { query, body, actor, at, idempotency }: Call): Promise<Attachment> {
  const content = body as Buffer;
  if (content.length === 0) throw new Problem('Invalid', { faults: [{ pointer: '', code: 'Required' }] });
  const { id: key, bodyDigest } = idempotency;
  const id = randomUUID();
  const isNew = await db.transaction(async (transaction) => {
    const inserted = await insertCommand(transaction, {
      id: key,
      bodyDigest,
      personId: actor.person,
      targetKind: 'attachment',
      targetId: id,
      command: { id: key, at, actor, do: { action: 'upload' } },
    });
    if (!inserted) return false;
    await insertAttachment(transaction, {
      id,
      content,
      name: query.name,
      mediaType: query.mediaType,
      size: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      department: actor.department,
      uploadedBy: actor.person,
    });
    await settleCommand(transaction, key, { status: 'done', outcome: { id } });
    return true;
  });
  const stored = await findAttachment(db, isNew ? id : await earlierUpload(db, key, bodyDigest));
  if (!stored) throw new Error('An attachment just stored is not there');
  return stored;
}

async function earlierUpload(db: Knex, key: string, bodyDigest: string): Promise<string> {
  const command = await findCommand(db, key);
  if (command?.bodyDigest !== bodyDigest) throw new Problem('IdempotencyKeyReused');
  return command.targetId;
}
