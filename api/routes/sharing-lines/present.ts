import type { Department } from '../../../store/departments.ts';
import type { GrantingAnswer } from '../../../store/granting.ts';
import type { LineOn } from '../../../store/sharing-lines.ts';
import { timeOf } from '../../time.ts';
import { presentDepartment } from '../departments/present.ts';

export function presentLine(row: LineOn, answers: readonly GrantingAnswer[], departments: readonly Department[]) {
  const { id, line, grant, since, until } = row;
  return {
    id,
    effect: line.effect,
    requester: presentDepartment(line.department, departments),
    provider: presentDepartment(row.provider, departments),
    entry: { id: line.entryId, version: line.entryVersion },
    items: line.items,
    masks: grant.masks,
    rowScope: grant.rowScope,
    mode: line.mode,
    purpose: grant.purpose,
    validFrom: line.validFrom,
    validTo: line.validTo,
    since: timeOf(since),
    until: until && timeOf(until),
    grant: { id: row.grantId, number: row.grantNumber },
    case: { id: row.caseId, number: row.caseNumber },
    decisions: answers.map(({ stage, actor, capacity, verdict, at, through }) => ({
      stage,
      person: actor,
      role: capacity.role,
      department: presentDepartment(capacity.department, departments),
      verdict,
      at: timeOf(new Date(at)),
      through,
    })),
  };
}
