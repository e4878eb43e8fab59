import { ParentClosePolicy, setHandler, startChild, WorkflowIdReusePolicy } from '@temporalio/workflow';
import type { CaseAction, CaseEvent, CaseState } from '../domain/case.ts';
import { openingOf } from '../domain/kernel/grant.ts';
import { caseMachine } from '../domain/kernel/case-machine.ts';
import { currentShape } from '../domain/kernel/upcast.ts';
import { grant } from './grant.ts';
import { machine } from './machine.ts';
import { type CaseStart, deliveryReported, grantOver, grantWorkflowId } from './messages.ts';

/** A conditional or unconditional share request, from filing to the first delivery (R809 Art.20–22). */
export async function shareRequest(start: CaseStart): Promise<void> {
  const started = new Set<string>();
  let starting = 0;
  const running = machine<CaseState, CaseAction, CaseEvent>({
    kind: 'share-request',
    machine: caseMachine,
    start,
    restore: currentShape,
    react: (state) => {
      for (const { id, delivery, over } of state.grants) {
        if (started.has(id) || delivery !== undefined || over !== undefined) continue;
        started.add(id);
        starting += 1;
        void startGrant(state, id).then(() => (starting -= 1));
      }
    },
    isBusy: () => starting > 0,
  });
  setHandler(deliveryReported, (report) => {
    running.tell(`report:${report.deliveryId}`, { action: 'reportDelivery', report });
  });
  setHandler(grantOver, (over) =>
    running.tell(over.grantId === undefined ? 'grantOver' : `over:${over.grantId}`, {
      action: 'reportGrantOver',
      ...over,
    }),
  );
  await running.run();
}

/** The grant lives longer than its case, so it is a workflow of its own that the end of the case leaves alone. */
async function startGrant(state: CaseState, grantId: string): Promise<void> {
  await startChild(grant, {
    workflowId: grantWorkflowId(grantId),
    parentClosePolicy: ParentClosePolicy.ABANDON,
    // A grant that is over is over: a second run of it would begin the stream of its events again.
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    // What begins it stands recorded beside the grant.
    args: [{ streamId: grantId, begin: openingOf(state, grantId), isBegun: true }],
  }).catch(ignoreStarted);
}

/** A run that continues another finds the grant already there. */
function ignoreStarted(error: unknown): void {
  if (!(error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError')) throw error;
}
