import type { Knex } from 'knex';
import type { z } from 'zod';
import { importNotice } from '../../../store/calendars.ts';
import { findCommand, insertCommand, settleCommand, type StoredCommand } from '../../../store/commands.ts';
import { latestCalendar } from '../../../store/settings.ts';
import type { CallerCall } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { readNotice } from './read.ts';
import type { noticeBody } from './schema.ts';

type Call = CallerCall<undefined, undefined, z.output<typeof noticeBody>>;

/** Imports a notice once for each key: asked again under the same one, the version of the first time is told again. */
export async function importCalendar(
  db: Knex,
  { body, actor, at, idempotency }: Call,
): Promise<{ readonly version: number; readonly isNew: boolean }> {
  const { id, bodyDigest } = idempotency;
  const earlier = await findCommand(db, id);
  if (earlier) return { version: versionOf(earlier, bodyDigest), isNew: false };
  const read = readNotice(body, await latestCalendar(db));
  return db.transaction(async (transaction) => {
    const imported = await importNotice(transaction, { ...read, person: actor.person });
    const version = String(imported.version);
    const isFirst = await insertCommand(transaction, {
      id,
      bodyDigest,
      personId: actor.person,
      targetKind: 'calendar',
      targetId: version,
      command: { id, at, actor, do: { action: 'importCalendar' } },
    });
    if (!isFirst) {
      const stored = await findCommand(transaction, id);
      if (!stored) throw new Error(`Command ${id} is neither new nor stored`);
      return { version: versionOf(stored, bodyDigest), isNew: false };
    }
    await settleCommand(transaction, id, { status: 'done', outcome: { id: version } });
    return imported;
  });
}

/** @throws {Problem} IdempotencyKeyReused, which takes back what the transaction has done so far */
function versionOf(stored: StoredCommand, bodyDigest: string): number {
  if (stored.bodyDigest !== bodyDigest || stored.targetKind !== 'calendar') throw new Problem('IdempotencyKeyReused');
  return Number(stored.targetId);
}
