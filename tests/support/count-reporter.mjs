import { writeFileSync } from 'node:fs';

/**
 * Writes one line of jest's result, `N passed, N failed, N skipped`, to the file that TEST_COUNT_FILE names, for .ci/run. A
 * file of tests that could not be run at all counts as one failed.
 */
export default class CountReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.TEST_COUNT_FILE;
    if (!file) return;
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests } = results;
    const skipped = numPendingTests + numTodoTests;
    const line = `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
    writeFileSync(file, skipped > 0 ? `${line}, ${skipped} skipped\n` : `${line}\n`);
  }
}
