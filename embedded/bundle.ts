import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bundleWorkflows } from '../bundling.ts';

/** Bundles the built workflows once, which saves a worker's start a second or two. Works on the build that it is part of. */
const { code } = await bundleWorkflows();
writeFileSync(join(dirname(import.meta.dirname), 'workflow-bundle.js'), code);
