import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Starts the servers that all tests of a run share, in a process of their own that ends them when this one is gone,
 * and tells the test files where they are. Read it through servers.ts.
 */
export default async function globalSetup() {
  const keeper = fork(here('server-keeper.ts'), [], {
    execArgv: ['--no-warnings', '--import', here('typescript.mjs')],
    // Ctrl-C must reach the tests first and the servers last.
    detached: true,
  });
  const outcome = await Promise.race([
    once(keeper, 'message').then(([message]) => message),
    once(keeper, 'exit').then(([code]) => ({ error: `the process that keeps them ended with code ${code}` })),
  ]);
  if (outcome.error !== undefined) throw new Error(`The servers for tests do not start: ${outcome.error}`);
  process.env.SANTONG_TEST_SERVERS = JSON.stringify(outcome);
  globalThis.santongServerKeeper = keeper;
}
