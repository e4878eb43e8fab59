export { grant } from './grant.ts';
export { replayAudit } from './replay-audit.ts';
export { caseProcess, shareRequest } from './case.ts';
