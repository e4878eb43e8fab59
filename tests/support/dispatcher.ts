import { join } from 'node:path';
import { pino } from 'pino';
import { projectRoot } from '../../config.ts';
import { type Dispatcher, type DispatcherDeps, startDispatcher } from '../../notices/dispatcher.ts';
import { loadPolicies } from '../../policies/policy.ts';
import { hearsOfAll } from '../../policies/webhook-reach.ts';

/** A dispatcher in this process, with receivers on this machine and pauses of some milliseconds. */
export async function dispatcherFor(
  deps: Pick<DispatcherDeps, 'databaseUrl' | 'secretKey'> & Partial<DispatcherDeps>,
): Promise<Dispatcher> {
  const policies = await loadPolicies(join(projectRoot, 'policies'));
  return startDispatcher({
    logger: pino({ level: 'silent' }),
    webhookNetworks: ['127.0.0.0/8'],
    publicUrl: 'https://santong.example',
    seesAll: (department) => hearsOfAll(policies, department),
    everyMs: 100,
    pause: (attempts) => (attempts > 8 ? undefined : 20 * attempts),
    ...deps,
  });
}
