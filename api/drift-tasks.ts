import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { dateIn } from '../domain/calendar.ts';
import { calendarForCase } from '../domain/calendar-version.ts';
import type { FileAction } from '../domain/case.ts';
import type { Actor } from '../domain/language.ts';
import { DRIFT } from '../domain/processes/drift.ts';
import { giveTask, type UntoldDrifts } from '../store/drift-watch.ts';
import { PLATFORM, putPlatform } from '../store/people.ts';
import { latestRoute } from '../store/routes.ts';
import { latestCalendar } from '../store/settings.ts';
import { newFormId } from './application.ts';
import type { CommandRunner } from './command-runner.ts';
import { messageOf } from './fault-messages.ts';
import { Problem } from './problem.ts';
import { processFormRef } from './process-form.ts';
import { submitFiling } from './submit-filing.ts';
import { timeOf } from './time.ts';

interface Deps {
  readonly db: Knex;
  readonly commands: CommandRunner;
}

/** The platform itself, which watches for the authority: no person, and nobody can log in as it. */
const WATCH: Actor = { person: PLATFORM, department: 'data-bureau', roles: ['authority'] };
const SHOWN = 50;

/** Files what has drifted of an entry as a task of its provider's reviewers, once: the drifts and the case belong together. */
export async function openDriftTask(
  { db, commands }: Deps,
  { entryId, provider, drifts }: UntoldDrifts,
): Promise<void> {
  const caseId = randomUUID();
  const at = timeOf(new Date());
  const lines = drifts
    .slice(0, SHOWN)
    .map((one) => `${messageOf({ pointer: '', ...one }, 'zh')} · ${messageOf({ pointer: '', ...one }, 'en')}`);
  const more = drifts.length > SHOWN ? [`共${drifts.length}处 · ${drifts.length} in all`] : [];
  const content = { differences: [...lines, ...more].join('\n') };
  const [route, calendar] = await Promise.all([latestRoute(db, DRIFT.route.id), latestCalendar(db)]);
  const action: FileAction = {
    action: 'file',
    caseId,
    process: DRIFT.id,
    route,
    calendar: calendarForCase(calendar, dateIn(at), dateIn(at)),
    requester: WATCH.department,
    provider,
    form: processFormRef(DRIFT, content, { id: newFormId(), version: 1 }),
    as: { role: 'authority', department: WATCH.department },
    about: { entryId },
    label: { prefix: DRIFT.prefix, name: DRIFT.name.zh },
  };
  await putPlatform(db, WATCH.department);
  const ids = drifts.map(({ id }) => id);
  await submitFiling(
    { db, commands },
    { actor: WATCH, at, idempotency: { id: `${PLATFORM}:drift:${caseId}`, bodyDigest: caseId } },
    {
      action,
      content,
      parties: [action.requester, provider],
      async also(trx) {
        // Another process has filed them meanwhile.
        if ((await giveTask(trx, ids, caseId)) !== ids.length) throw new Problem('AlreadyFiled');
      },
    },
  );
}

/** Takes a task back that has nothing left to mend. One that was answered meanwhile stays as it is. */
export async function closeDriftTask({ commands }: Deps, caseId: string): Promise<void> {
  const reason = '所挂接的数据已与目录一致 · What it is mounted on fits the entry again';
  try {
    await commands.submit({
      idempotency: { id: `${PLATFORM}:settled:${caseId}`, bodyDigest: caseId },
      actor: WATCH,
      at: timeOf(new Date()),
      target: { kind: 'case', id: caseId, process: DRIFT.id },
      action: { action: 'withdraw', reason },
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'CaseEnded') throw error;
  }
}
