import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { projectRoot } from '../../config.ts';
import { silentSinks } from '../../replayer.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

/**
 * In a file of its own: the SDK closes its runtime with the last worker of a process, and a worker that is made while a
 * replayer's idle one ends finds none.
 */
test('all stored histories pass the SDK’s own check for a code change', async () => {
  const histories = ['share-request', 'grant'].flatMap((kind) => {
    const folder = join(import.meta.dirname, 'histories', kind);
    return readdirSync(folder).map((file) => ({
      workflowId: file,
      history: historyFromJSON(JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString('utf8'))),
    }));
  });
  expect(histories.length).toBeGreaterThan(10);
  const options = { workflowsPath: join(projectRoot, 'workflows/index.ts'), sinks: silentSinks };
  let passed = 0;
  for await (const { error } of Worker.runReplayHistories(options, histories)) {
    expect(error).toBeUndefined();
    passed += 1;
  }
  expect(passed).toBe(histories.length);
});
