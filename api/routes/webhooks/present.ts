import type { Department } from '../../../store/departments.ts';
import type { Webhook, WebhookDelivery } from '../../../store/webhooks.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentDepartment } from '../departments/present.ts';

const ACTIONS = ['change', 'remove', 'ping', 'rotate', 'resend'] as const;

interface Context {
  readonly departments: readonly Department[];
  /** Whether the caller may change it. */
  readonly mayManage: boolean;
}

export function presentWebhook(webhook: Webhook, { departments, mayManage }: Context) {
  const { id, url, types, description, active, pending, dead } = webhook;
  return {
    id,
    url,
    types,
    description,
    active,
    pending,
    dead,
    department: presentDepartment(webhook.department, departments),
    oldSecretUntil: timeOrNull(webhook.secretBeforeUntil),
    createdAt: timeOf(webhook.createdAt),
    updatedAt: timeOf(webhook.updatedAt),
    actions: mayManage ? ACTIONS.map((action) => ({ action })) : [],
  };
}

export function presentWebhookDelivery(delivery: WebhookDelivery) {
  const { id, type, status, attempts, dueAt, log, createdAt, endedAt } = delivery;
  return {
    id,
    type,
    status,
    attempts,
    nextAttemptAt: status === 'pending' ? timeOf(dueAt) : null,
    log: log.map((attempt) => ({
      at: timeOf(new Date(attempt.at)),
      ms: attempt.ms,
      status: attempt.status ?? null,
      error: attempt.error ?? null,
    })),
    createdAt: timeOf(createdAt),
    endedAt: timeOrNull(endedAt),
  };
}
