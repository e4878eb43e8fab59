declare global {
  var santongTellOfFailure: (() => Promise<void>) | undefined;
}

/** What is told when a test of this file fails, before anything is cleared away; see environment.cjs. */
export function onFailure(tell: () => Promise<void>): void {
  globalThis.santongTellOfFailure = tell;
}
