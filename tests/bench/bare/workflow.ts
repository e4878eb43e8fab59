import { condition, defineUpdate, proxyActivities, setHandler, sleep } from '@temporalio/workflow';

const { note } = proxyActivities<{ note(event: number): Promise<void> }>({ startToCloseTimeout: '30 seconds' });
export const decide = defineUpdate<number, [number]>('decide');

/**
 * What Temporal itself costs for a case: a start, a normal activity for each of four events, three updates, a timer that
 * is never reached. It decides nothing and records nothing.
 */
export async function bare(): Promise<void> {
  let decisions = 0;
  let noted = 0;
  setHandler(decide, async (n) => {
    decisions += 1;
    await note(n);
    noted += 1;
    return n;
  });
  await note(0);
  await Promise.race([sleep('10 days'), condition(() => decisions === 3 && noted === 3)]);
}
