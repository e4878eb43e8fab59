import type { Attachment } from '../../../store/attachments.ts';
import { timeOf } from '../../time.ts';

export function presentAttachment({ id, name, mediaType, size, sha256, uploadedBy, uploadedAt }: Attachment) {
  const href = `/api/attachments/${id}`;
  return { id, name, mediaType, size, sha256, uploadedBy, uploadedAt: timeOf(uploadedAt), href };
}
