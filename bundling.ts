import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';
import { projectRoot } from './config.ts';

/** Of the sources or of the build, whichever this is part of. */
const EXTENSION = import.meta.filename.slice(-2);

/**
 * What is evaluated once for all workflows of a process rather than for each: the kernel decides by what it is given and
 * remembers nothing of a case but what follows from it. Evaluated anew it takes longer than three decisions do, most of it
 * for the language of conditions.
 */
const SHARED = ['kernel/case-machine', 'kernel/grant', 'kernel/grant-opening', 'kernel/upcast'];

/**
 * The SDK takes the stack of every promise of a workflow, for a query that nobody puts; with ten frames to look up in the
 * source map that was a third of the time of the thread that workflows run on. One frame still says where an error came from.
 */
const STACK_FRAMES = 1;

/** The code that workflows run. */
export async function bundleWorkflows(): Promise<{ readonly code: string }> {
  const file = (path: string): string => join(import.meta.dirname, `${path}.${EXTENSION}`);
  const { code } = await bundleWorkflowCode({
    workflowsPath: file('workflows/index'),
    preloadModules: SHARED.map((path) => file(`domain/${path}`)),
    logger: new DefaultLogger('WARN', ({ level, message }) => void process.stderr.write(`${level} ${message}\n`)),
  });
  return { code: `Error.stackTraceLimit = ${STACK_FRAMES}; ${code}` };
}

/** The bundle made by the build; where there is none, the workflows are bundled from the sources. */
export async function workflowCode(): Promise<WorkflowBundleOption> {
  const codePath = join(projectRoot, 'dist', 'workflow-bundle.js');
  return EXTENSION === 'js' && existsSync(codePath) ? { codePath } : bundleWorkflows();
}
