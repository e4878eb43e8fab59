import type { StoredCommand } from '../../../store/commands.ts';
import { isProblemCode, type Locale, type ProblemCode, statusOf, titleOf, typeOf } from '../../problem.ts';
import { timeOf, timeOrNull } from '../../time.ts';

const PLACES = {
  case: 'cases',
  grant: 'grants',
  attachment: 'attachments',
  replay: 'cases',
  webhook: 'webhooks',
} as const;

export function presentCommand(command: StoredCommand, locale: Locale) {
  const { id, status, targetKind, targetId, outcome } = command;
  return {
    id,
    status,
    outcome,
    target: { kind: targetKind, id: targetId, href: `/api/${PLACES[targetKind]}/${targetId}` },
    action: command.command.do.action,
    ...(status === 'refused' ? { problem: problemOf(outcome, { id, locale }) } : {}),
    receivedAt: timeOf(command.receivedAt),
    settledAt: timeOrNull(command.settledAt),
    actions: [],
  };
}

function problemOf(outcome: StoredCommand['outcome'], { id, locale }: { id: string; locale: Locale }) {
  const given = outcome && 'code' in outcome ? outcome.code : '';
  const code: ProblemCode = isProblemCode(given) ? given : 'InternalError';
  return { type: typeOf(code), title: titleOf(code, locale), status: statusOf(code), code, requestId: id };
}
