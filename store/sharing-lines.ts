import type { Knex } from 'knex';
import type { Grant } from '../domain/grant.ts';
import { sharingLinesOf } from '../domain/sharing.ts';

/** Lets a grant be delivered under from now on. `nth` tells the lines after a suspension from those before it. */
export async function insertLines(trx: Knex, grant: Grant, since: string, nth = 1): Promise<void> {
  const lines = sharingLinesOf(grant).map((line, index) => ({ ...line, id: `${grant.id}/${nth}.${index + 1}` }));
  await trx('sharing_lines').insert(
    lines.map((line) => ({
      id: line.id,
      grant_id: grant.id,
      case_id: grant.caseId,
      department_id: line.department,
      entry_id: line.entryId,
      line: JSON.stringify(line),
      since,
    })),
  );
}
