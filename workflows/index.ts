export { grant } from './grant.ts';
export { replayAudit } from './replay-audit.ts';
export { shareRequest } from './share-request.ts';
