export { grant } from './grant.ts';
export { replayAudit } from './replay-audit.ts';
export { calendarRollout } from './calendar-rollout.ts';
export { caseProcess, shareRequest } from './case.ts';
export { deliveryAudit } from './delivery-audit.ts';
