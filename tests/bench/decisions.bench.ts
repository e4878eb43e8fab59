import { readdirSync, readFileSync } from 'node:fs';
import { startPlatform } from '../support/platform.ts';
import { form } from '../support/cases.ts';
import { type Bench, quantile } from './measure.ts';
import { atOnce } from './rig.ts';
import { type Call, signIn } from './sign-in.ts';
import { machineSpeed } from './yardstick.ts';

const APPLICANT = 'civil-affairs.requester';
const LEADS = ['civil-affairs.lead', 'public-security.reviewer', 'public-security.lead'];
/** Who decides, and whose inbox must show the next task once the answer is there. */
const STEPS = [
  { by: 'civil-affairs.lead', next: 'public-security.reviewer' },
  { by: 'public-security.reviewer', next: 'public-security.lead' },
] as const;

interface TaskShown {
  readonly id: string;
  readonly form: { readonly digest: string };
  readonly case: { readonly id: string };
}

/** How long a decision takes to answer over HTTP with everything running: one alone, and fifty people at the same moment. */
export const bench: Bench = {
  name: 'decisions',
  async run(say) {
    const speed = await machineSpeed();
    const platform = await startPlatform();
    try {
      const api = await signIn(platform, [APPLICANT, ...LEADS]);
      await decideAll(api, { cases: 10, width: 5 });
      const alone = await decideAll(api, { cases: 60, width: 1 });
      say(`alone: ${alone.length} decisions`);
      const before = cpuOf(platform.state().pids);
      const crowd = await decideAll(api, { cases: 150, width: 50 });
      const after = cpuOf(platform.state().pids);
      say(`50 at once: ${crowd.length} decisions`);
      return [
        {
          what: 'p95, one user, at the speed of the reference',
          value: quantile(alone, 0.95) * speed,
          unit: 'ms',
          goal: { atMost: 100 },
        },
        {
          what: 'p95, 50 at once, at the speed of the reference',
          value: quantile(crowd, 0.95) * speed,
          unit: 'ms',
          goal: { atMost: 1_200 },
        },
        { what: 'speed of this machine', value: speed, unit: '' },
        { what: 'p95, one user', value: quantile(alone, 0.95), unit: 'ms' },
        { what: 'p95, 50 at once', value: quantile(crowd, 0.95), unit: 'ms' },
        { what: 'median, one user', value: quantile(alone, 0.5), unit: 'ms' },
        { what: 'median, 50 at once', value: quantile(crowd, 0.5), unit: 'ms' },
        ...Object.entries(after).map(([name, ms]) => ({
          what: `CPU of ${name} for a decision, filing included`,
          value: (ms - (before[name] ?? 0)) / crowd.length,
          unit: 'ms',
        })),
      ];
    } finally {
      await platform.remove();
    }
  },
};

/** Files the cases, then has their decisions made, `width` at the same moment; returns how long each took in milliseconds. */
async function decideAll(call: Call, { cases, width }: { cases: number; width: number }): Promise<number[]> {
  const filed: string[] = [];
  await atOnce(Math.min(width, 10), cases, async () => {
    const { attachments: _, entryVersion: __, masks: ___, ...application } = form({ period: nextYear() });
    filed.push(((await call(APPLICANT, '/api/share-requests', application)) as { id: string }).id);
  });
  const times: number[] = [];
  for (const { by, next } of STEPS) {
    const tasks = new Map<string, TaskShown>();
    for (const id of filed) tasks.set(id, await taskOf(call, by, id));
    for (let from = 0; from < cases; from += width) {
      const batch = filed.slice(from, from + width).map((id) => tasks.get(id));
      times.push(...(await Promise.all(batch.map((task) => timed(call, by, task)))));
      // The answer is held to its word: the next person's inbox must show the case at the first look.
      for (const task of batch) await taskOf(call, next, task?.case.id ?? '');
    }
  }
  return times;
}

async function timed(call: Call, by: string, task: TaskShown | undefined): Promise<number> {
  if (!task) throw new Error('No task for a case just filed');
  const began = performance.now();
  await call(by, `/api/tasks/${encodeURIComponent(task.id)}/actions`, { action: 'approve', seen: task.form.digest });
  return performance.now() - began;
}

async function taskOf(call: Call, account: string, caseId: string): Promise<TaskShown> {
  for (let cursor = ''; ;) {
    const page = (await call(account, `/api/tasks?box=mine${cursor}`)) as {
      items: TaskShown[];
      nextCursor: string | null;
    };
    const found = page.items.find((task) => task.case.id === caseId);
    if (found) return found;
    if (page.nextCursor === null) throw new Error(`The inbox of ${account} does not show case ${caseId}`);
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

/** Milliseconds of CPU that each service and its children have used so far, those of ended children included. */
function cpuOf(pids: Readonly<Record<string, number>>): Record<string, number> {
  const parents = new Map<number, { parent: number; ticks: number }>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
      parents.set(Number(entry), { parent: Number(fields[1]), ticks });
    } catch {
      // It ended while the list was read.
    }
  }
  const total = (pid: number): number =>
    (parents.get(pid)?.ticks ?? 0) +
    [...parents].filter(([, { parent }]) => parent === pid).reduce((sum, [child]) => sum + total(child), 0);
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, total(pid) * 10]));
}

function nextYear(): { from: string; to: string } {
  const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return { from: day(1), to: day(366) };
}
