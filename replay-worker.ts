import { createRequire } from 'node:module';
import { Worker as Thread } from 'node:worker_threads';
import type { Logger } from '@temporalio/common';
import { UnexpectedError, Worker } from '@temporalio/worker';
import type { CompiledWorkerOptions } from '@temporalio/worker/lib/worker-options.js';
import type { WorkflowBundleWithSourceMapAndFilename } from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';
import { ThreadedVMWorkflowCreator, WorkerThreadClient } from '@temporalio/worker/lib/workflow/threaded-vm.js';

/**
 * The SDK's thread for workflows, but that it takes no stack of every promise: nobody asks a replay for them, and they
 * are a third of its work.
 */
const THREAD = `
  require('node:v8').promiseHooks.createHook = () => () => {};
  require(require('node:worker_threads').workerData);
`;
const SDK_THREAD = createRequire(import.meta.url).resolve('@temporalio/worker/lib/workflow/workflow-worker-thread.js');

type Input = Parameters<WorkerThreadClient['send']>[0];
type Output = Awaited<ReturnType<WorkerThreadClient['send']>>;

/**
 * The SDK's worker for replays, with threads that are faster at it. What it does with a history is the SDK's alone.
 *
 * The SDK bounds each call into workflow code by `isolateExecutionTimeout`, for which Node.js starts a thread at every
 * call: a hundred times what a short call costs. Here the same bound is kept from outside: a thread that does not
 * answer in time is ended, and the worker fails with an error that says so.
 */
export class ReplayWorker extends Worker {
  protected static override async createWorkflowCreator(
    workflowBundle: WorkflowBundleWithSourceMapAndFilename,
    options: CompiledWorkerOptions,
    logger: Logger,
  ): Promise<ThreadedVMWorkflowCreator> {
    const client = new BoundedThread(logger, options.isolateExecutionTimeoutMs);
    await client.send({
      type: 'init',
      workflowBundle,
      // The type has no word for "none", the thread has: what it gets goes to Node.js as it is.
      isolateExecutionTimeoutMs: undefined as unknown as number,
      reuseV8Context: true,
      registeredActivityNames: new Set(options.activities.keys()),
      hasPatchActivationCallback: false,
    });
    return new ThreadedVMWorkflowCreator([client]);
  }
}

/** How long a thread may take to load the code before any history. */
const LOADING_MS = 60_000;

/** A thread for workflows that is ended when it leaves a message unanswered for longer than `patienceMs`. */
class BoundedThread extends WorkerThreadClient {
  readonly #patienceMs: number;

  constructor(logger: Logger, patienceMs: number) {
    const thread = new Thread(THREAD, { eval: true, workerData: SDK_THREAD });
    super(thread, logger);
    this.#patienceMs = patienceMs;
    // What awaits an answer keeps the process running. The SDK forgets the thread of a worker that it fails to start.
    thread.unref();
  }

  override async send(input: Input): Promise<Output> {
    const boundMs = input.type === 'init' ? LOADING_MS : this.#patienceMs;
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        void this.workerThread.terminate();
        reject(new UnexpectedError(`The workflow code did not come to an end within ${boundMs / 1_000} s`));
      }, boundMs);
    });
    try {
      return await Promise.race([super.send(input), expired]);
    } finally {
      clearTimeout(timer);
    }
  }
}
