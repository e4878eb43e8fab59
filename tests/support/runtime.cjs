Object.defineProperty(exports, '__esModule', { value: true });
const { createRequire } = require('node:module');
const vm = require('node:vm');
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

/**
 * Every test file has its modules anew, but their compiled code is the same: it is kept for the worker. Without, a fifth of
 * what loading takes is compilation.
 */
const compiled = new Map();

function keptFor(identifier, code) {
  const kept = compiled.get(identifier);
  return kept?.code === code ? kept.data : undefined;
}

const { SourceTextModule, compileFunction } = vm;

vm.SourceTextModule = class extends SourceTextModule {
  constructor(code, options) {
    const cachedData = keptFor(options.identifier, code);
    super(code, cachedData ? { ...options, cachedData } : options);
    if (!cachedData) compiled.set(options.identifier, { code, data: this.createCachedData() });
  }
};

vm.compileFunction = (code, parameters, options) => {
  const cachedData = keptFor(options.filename, code);
  if (cachedData) return compileFunction(code, parameters, { ...options, cachedData });
  const result = compileFunction(code, parameters, { ...options, produceCachedData: true });
  compiled.set(options.filename, { code, data: result.cachedData });
  return result;
};
