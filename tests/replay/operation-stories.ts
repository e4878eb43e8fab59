import { CONDITIONAL_WATCHED } from '../../domain/routes/share-request.ts';
import { actor, APPLICANT, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../support/cases.ts';
import type { Story } from './stories.ts';

const EXPERT = actor('public-security', 'requester', 'public-security.expert');
const COLLEAGUE = actor('public-security', 'reviewer', 'public-security.colleague');
const AUTHORITY = actor('data-bureau', 'authority', 'data-bureau.authority');
const isDone = (state: Record<string, unknown>): boolean =>
  state['delivered'] === true && state['running'] === undefined;

/** Cases in which people use what approval products offer beside yes and no. */
export const OPERATION_STORIES: readonly Story[] = [
  {
    name: 'every-operation',
    route: CONDITIONAL_WATCHED,
    keeps: ['share-request'],
    async tell(one) {
      const reviewer = 'provider-reviewer';
      await one.approve(REQUESTER_LEAD, 'requester-lead');
      await one.act(REQUESTER_LEAD, ({ task }) => ({
        action: 'takeBack',
        taskId: task('requester-lead', 1),
        reason: '需再核对',
      }));
      await one.approve(REQUESTER_LEAD, 'requester-lead');
      await one.act(REVIEWER, ({ task }) => ({ action: 'delegate', taskId: task(reviewer, 1), to: EXPERT }));
      await one.act(EXPERT, ({ task }) => ({ action: 'advise', taskId: task(reviewer, 1), opinion: '可以提供' }));
      await one.act(REVIEWER, ({ task }) => ({
        action: 'addSeat',
        taskId: task(reviewer, 1),
        place: 'beside',
        to: COLLEAGUE,
      }));
      await one.act(COLLEAGUE, ({ task, form }) => ({
        action: 'approve',
        taskId: task(reviewer, 1, 2),
        seen: form.digest,
      }));
      await one.act(REVIEWER, () => ({
        action: 'askExtension',
        clock: 'provider',
        days: 5,
        reason: '需会同户政部门核对',
      }));
      await one.act(AUTHORITY, () => ({ action: 'grantExtension', clock: 'provider' }));
      await one.act(APPLICANT, () => ({ action: 'urge', note: '请尽快办理' }));
      await one.act(AUTHORITY, ({ day }) => ({ action: 'suspend', reason: '涉及争议', reviewOn: day }));
      await one.days(3);
      await one.act(AUTHORITY, () => ({ action: 'resume', reason: '争议已解决' }));
      await one.days(30);
      await one.act(REVIEWER, ({ task }) => ({
        action: 'return',
        taskId: task(reviewer, 1),
        to: 'requester-lead',
        way: 'straight',
        reason: '请确认用途',
      }));
      await one.approve(REQUESTER_LEAD, 'requester-lead', 2);
      await one.approve(REVIEWER, reviewer);
      await one.act(PROVIDER_LEAD, () => ({ action: 'comment', text: '同意审核意见' }));
      await one.approve(PROVIDER_LEAD, 'provider-lead');
      await one.until('grant', isDone);
    },
  },
  {
    name: 'filed-again',
    route: CONDITIONAL_WATCHED,
    keeps: ['share-request'],
    async tell(one) {
      await one.approve(REQUESTER_LEAD, 'requester-lead');
      await one.reject(REVIEWER, 'provider-reviewer', '申请范围超出履职需要');
      await one.days(5);
      await one.refile('items');
      await one.approve(REQUESTER_LEAD, 'requester-lead', 2);
      await one.approve(REVIEWER, 'provider-reviewer', 2);
      await one.approve(PROVIDER_LEAD, 'provider-lead');
      await one.until('grant', isDone);
    },
  },
  {
    name: 'refused-for-good',
    route: CONDITIONAL_WATCHED,
    keeps: ['share-request'],
    async tell(one) {
      await one.reject(REQUESTER_LEAD, 'requester-lead', '不符合职责');
      await one.days(40);
    },
  },
];
