import {
  ParentClosePolicy,
  proxyActivities,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { CaseAction, CaseEvent, CaseState } from '../domain/case.ts';
import { caseMachine } from '../domain/kernel/case-machine.ts';
import { openingOf } from '../domain/kernel/grant-opening.ts';
import { currentShape } from '../domain/kernel/upcast.ts';
import type { EffectPoint } from '../domain/route.ts';
import { grant } from './grant.ts';
import { machine } from './machine.ts';
import { type CaseStart, deliveryReported, grantOver, grantWorkflowId, SHARE_REQUEST } from './messages.ts';

const { effect } = proxyActivities<Pick<Activities, 'effect'>>({
  startToCloseTimeout: '1 minute',
  // Without end: what people have agreed on is done, however long the other side is away.
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** A conditional or unconditional share request, from filing to the first delivery (R809 Art.20–22). */
export async function shareRequest(start: CaseStart): Promise<void> {
  await runCase(start);
}

/** A case of any other process: its route, its form and its effects are data. */
export async function caseProcess(start: CaseStart): Promise<void> {
  await runCase(start);
}

async function runCase(start: CaseStart): Promise<void> {
  const { streamId: caseId, process = SHARE_REQUEST } = start;
  const begun = new Set<string>();
  let underWay = 0;

  /** Once in a run; what is done twice, after the run was renewed, is the same by its own key. */
  function once(key: string, work: () => Promise<void>): void {
    if (begun.has(key)) return;
    begun.add(key);
    underWay += 1;
    void work().then(() => (underWay -= 1));
  }

  const running = machine<CaseState, CaseAction, CaseEvent>({
    kind: process,
    machine: caseMachine,
    start,
    restore: currentShape,
    react: (state) => {
      for (const { id, delivery, over } of start.grantsBeginAtRecord ? [] : state.grants) {
        if (delivery === undefined && over === undefined) once(id, () => startGrant(state, id));
      }
      const point = effectPointOf(state);
      if (point === undefined || !state.route.effects?.includes(point)) {
        if (state.status === 'closing') {
          once('closing', async () => running.tell('closing', { action: 'reportClosing', outcome: 'done' }));
        }
        return;
      }
      once(point, async () => {
        await effect({ process, caseId, point });
        if (point === 'approved') running.tell('closing', { action: 'reportClosing', outcome: 'done' });
      });
    },
    isBusy: () => underWay > 0,
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

function effectPointOf(state: CaseState): EffectPoint | undefined {
  if (state.status === 'closing') return 'approved';
  if (state.status === 'refused') return 'refused';
  return state.endedAt === undefined && state.grants.length === 0 && !state.isAgreed ? 'filed' : undefined;
}

/** How cases let their grants run before the recorder did: their histories must be followed by this code. */
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
