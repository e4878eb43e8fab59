import { once } from 'node:events';

export default async function globalTeardown() {
  const keeper = globalThis.santongServerKeeper;
  if (keeper === undefined || keeper.exitCode !== null) return;
  const exited = once(keeper, 'exit');
  keeper.disconnect();
  await exited;
}
