import type { Role } from '../language.ts';
import type { NoticeKind } from '../notices/words.ts';

export const PARTIES = ['provider', 'requester', 'platform'] as const;
/** Of what is watched: who provides, who receives, and the data bureau, which runs the platform. */
export type Party = (typeof PARTIES)[number];

/**
 * What can be watched: in which unit its value is, whose it is besides the platform's, and in which words people are told.
 * How each is measured says store/alerts/measures.ts.
 */
export const WATCHES = {
  /** Deliveries of a grant in a row that failed, or attempts at one that is held up. */
  'link-failures': { unit: 'times', parties: ['provider', 'requester'], notice: 'alertLinkFailing' },
  /** For how long data is owed, in cycles of the grant's schedule; in days where it has none. */
  'link-late': { unit: 'cycles', parties: ['provider', 'requester'], notice: 'alertLinkLate' },
  /** Looks at a data source in a row that failed. */
  'source-unreachable': { unit: 'times', parties: ['provider'], notice: 'alertSourceUnreachable' },
  /** Age of the oldest event that waits to be told. */
  'outbox-lag': { unit: 'seconds', parties: [], notice: 'alertOutboxLag' },
  /** Age of the oldest command whose outcome is not known. */
  'commands-pending': { unit: 'seconds', parties: [], notice: 'alertCommandsPending' },
  /** Mails that were given up within 24 hours. */
  'dead-mails': { unit: 'messages', parties: [], notice: 'alertDeadMails' },
  /** Messages to a webhook that were given up and not sent again; its department is the requester. */
  'dead-webhooks': { unit: 'messages', parties: ['requester'], notice: 'alertDeadWebhooks' },
  /** Open tasks of a department, which is the provider, that are past their due date. */
  'tasks-overdue': { unit: 'tasks', parties: ['provider'], notice: 'alertTasksOverdue' },
} as const satisfies Readonly<
  Record<string, { readonly unit: string; readonly parties: readonly Party[]; readonly notice: NoticeKind }>
>;
export type Watch = keyof typeof WATCHES;
export const WATCH_IDS = Object.keys(WATCHES) as Watch[];

export interface Tell {
  readonly party: Party;
  readonly role: Role;
}

/** When an alert opens and ends, and whom it tells. */
export interface AlertRule {
  readonly id: string;
  readonly watches: Watch;
  /** From this value on, in the unit of what is watched. */
  readonly threshold: number;
  /** For so long without a break, before anybody is told. */
  readonly forSeconds: number;
  /** Below the threshold for so long without a break, before it is over: what comes and goes stays one alert. */
  readonly calmSeconds: number;
  readonly tells: readonly Tell[];
  readonly enabled: boolean;
}

const ADMINISTRATOR: Tell = { party: 'platform', role: 'administrator' };
const integrator = (party: Party): Tell => ({ party, role: 'integrator' });

/** The rules that ship. A place changes them, switches them off and adds its own over REST. */
export const SHIPPED_RULES: readonly AlertRule[] = [
  {
    id: 'delivery-failing',
    watches: 'link-failures',
    threshold: 3,
    forSeconds: 300,
    calmSeconds: 60,
    tells: [
      integrator('provider'),
      { party: 'provider', role: 'reviewer' },
      integrator('requester'),
      { party: 'requester', role: 'requester' },
    ],
    enabled: true,
  },
  {
    id: 'link-late',
    watches: 'link-late',
    threshold: 1,
    forSeconds: 300,
    calmSeconds: 300,
    tells: [integrator('provider'), integrator('requester'), ADMINISTRATOR],
    enabled: true,
  },
  {
    id: 'source-unreachable',
    watches: 'source-unreachable',
    threshold: 3,
    forSeconds: 0,
    calmSeconds: 300,
    tells: [integrator('provider'), { party: 'provider', role: 'reviewer' }],
    enabled: true,
  },
  platformRule('outbox-lag', 300),
  platformRule('commands-pending', 600),
  platformRule('dead-mails', 1),
  {
    id: 'dead-webhooks',
    watches: 'dead-webhooks',
    threshold: 1,
    forSeconds: 0,
    calmSeconds: 60,
    tells: [integrator('requester')],
    enabled: true,
  },
  {
    id: 'tasks-overdue',
    watches: 'tasks-overdue',
    threshold: 20,
    forSeconds: 0,
    calmSeconds: 3_600,
    tells: [
      { party: 'provider', role: 'sharing-lead' },
      { party: 'platform', role: 'authority' },
    ],
    enabled: true,
  },
];

function platformRule(id: 'outbox-lag' | 'commands-pending' | 'dead-mails', threshold: number): AlertRule {
  return { id, watches: id, threshold, forSeconds: 60, calmSeconds: 300, tells: [ADMINISTRATOR], enabled: true };
}
