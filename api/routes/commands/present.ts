import type { StoredCommand } from '../../../store/commands.ts';
import { isProblemCode, type Locale, type ProblemCode, statusOf, titleOf, typeOf } from '../../problem.ts';
import { timeOf, timeOrNull } from '../../time.ts';

/** Where the target is found: what has no address of its own, in the list that it is in. */
function hrefOf(kind: StoredCommand['targetKind'], id: string): string {
  switch (kind) {
    case 'case':
    case 'replay':
      return `/api/cases/${id}`;
    case 'grant':
      return `/api/grants/${id}`;
    case 'delivery':
      return `/api/deliveries/${id}`;
    case 'attachment':
      return `/api/attachments/${id}`;
    case 'absence':
      return '/api/absences';
    case 'route-draft':
    case 'route-migration':
      return '/api/routes';
    case 'catalogue-draft':
      return `/api/catalogue/drafts/${id}`;
    case 'service':
      return `/api/services/${id}`;
    case 'grant-key':
    case 'delivery-link':
      return '/api/grants';
    case 'alert':
      return `/api/alerts/${id}`;
    case 'webhook':
      return `/api/webhooks/${id}`;
    case 'calendar':
      return `/api/calendars/${id}`;
    case 'subscription':
      return '/api/catalogue/subscriptions';
    case 'synonym':
      return '/api/catalogue/synonyms';
    case 'article':
      return `/api/articles/${id}`;
    case 'need':
      return `/api/needs/${id}`;
    case 'reconciliation':
      return `/api/reconciliations/${id}`;
    case 'data-source':
      return `/api/catalogue/sources/${id}`;
    case 'catalogue-compilation':
      return `/api/catalogue/compilations/${id}`;
    case 'catalogue-import':
      return `/api/catalogue/imports/${id}`;
    case 'person':
      return `/api/people/${id}`;
    case 'department':
      return '/api/departments';
    case 'task-batch':
      return '/api/tasks';
  }
}

export function presentCommand(command: StoredCommand, locale: Locale) {
  const { id, status, targetKind, targetId, outcome } = command;
  return {
    id,
    status,
    outcome,
    target: { kind: targetKind, id: targetId, href: hrefOf(targetKind, targetId) },
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
