import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowBundleOption } from '@temporalio/worker';
import { projectRoot } from './config.ts';

export type WorkflowCode = { readonly workflowBundle: WorkflowBundleOption } | { readonly workflowsPath: string };

/** The bundle made by the build; where there is none, the workflows are bundled from the sources. */
export function workflowCode(): WorkflowCode {
  const codePath = join(projectRoot, 'dist', 'workflow-bundle.js');
  const isBuilt = import.meta.filename.endsWith('.js');
  if (isBuilt && existsSync(codePath)) return { workflowBundle: { codePath } };
  return { workflowsPath: join(import.meta.dirname, 'workflows', isBuilt ? 'index.js' : 'index.ts') };
}
