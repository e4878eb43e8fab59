const { TestEnvironment } = require('jest-environment-node');

/** Lets a file of tests say what there was to be seen when one of them failed: see failures.ts. */
module.exports = class extends TestEnvironment {
  async handleTestEvent({ name }) {
    if (name === 'test_fn_failure') await this.global.santongTellOfFailure?.();
  }
};
