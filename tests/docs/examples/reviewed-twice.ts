import type { Route, Stage } from '../../../domain/route.ts';
import { CONDITIONAL_WATCHED } from '../../../domain/routes/share-request.ts';

/** A place that wants its own reviewer to look at a request before the sharing lead agrees to filing it. */
const requesterReviewer: Stage = {
  kind: 'stage',
  id: 'requester-reviewer',
  seat: { role: 'reviewer', department: 'requester' },
  rule: 'any',
  basis: ['entry', 'items', 'rowScope', 'legalBasis', 'purpose'],
  mayAskSupplement: true,
};

const { root } = CONDITIONAL_WATCHED;

/** The next version of the conditional route. Cases that are running keep the version they began with. */
export const REVIEWED_TWICE: Route = {
  ...CONDITIONAL_WATCHED,
  version: CONDITIONAL_WATCHED.version + 1,
  root: {
    kind: 'sequence',
    id: 'route',
    blocks: [requesterReviewer, ...(root.kind === 'sequence' ? root.blocks : [root])],
  },
};
