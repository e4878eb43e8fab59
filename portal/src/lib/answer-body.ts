import type { CaseAction, CaseDetail, Offered } from '../api/types.ts';
import type { ItemDecision } from './item-decision.ts';

/** What somebody answers at a task: what they chose, what they wrote, and what they left out. */
export interface Answered {
  readonly choice: 'approve' | 'reject' | 'advise';
  readonly taskId: string;
  readonly detail: CaseDetail;
  readonly offered: Offered | undefined;
  readonly opinion: string;
  readonly reason: string;
  readonly decision: ItemDecision;
}

/** The body of the action, with what the person had before them. */
export function answerBody({ choice, taskId, detail, offered, opinion, reason, decision }: Answered): CaseAction {
  const text = opinion.trim();
  const onBehalf = offered?.onBehalf === undefined ? {} : { onBehalf: offered.onBehalf };
  const { seen } = detail.form;
  if (choice === 'advise') return { action: 'advise', taskId, opinion: text, ...onBehalf };
  if (choice === 'reject') {
    return { action: 'reject', taskId, seen, reason: { code: reason as 'other', text }, ...onBehalf };
  }
  const said = text === '' ? {} : { opinion: text };
  return { action: 'approve', taskId, seen, ...said, ...decision.body(), ...onBehalf };
}
