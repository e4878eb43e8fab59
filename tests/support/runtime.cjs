Object.defineProperty(exports, '__esModule', { value: true });
const { createRequire } = require('node:module');
const { default: JestRuntime } = require('jest-runtime');

/**
 * Libraries that keep nothing of a test and whose answers do not depend on whose `Error` or `Date` they see: they are
 * evaluated once for a worker, instead of once for every test file, which was a quarter of the time of all tests.
 */
const SHARED =
  /^(lodash|rxjs|protobufjs|@temporalio\/proto|@jsonjoy\.com\/[\w-]+|@opentelemetry\/api|mime-db|tslib)(\/|$)/;

exports.default = class extends JestRuntime {
  requireModuleOrMock(from, name) {
    return SHARED.test(name) ? createRequire(from)(name) : super.requireModuleOrMock(from, name);
  }
};
