import { readFileSync } from 'node:fs';
import pg from 'pg';
import { administratorUrl, departmentUrl } from '../support/books.ts';
import { createIntegrator } from '../support/integrator.ts';
import { startPlatform } from '../support/platform.ts';
import { type Ask, approveAll, comesTo, file } from '../support/request-play.ts';
import type { Bench } from './measure.ts';

const ROWS = 2_000_000;
const MEGABYTE = 2 ** 20;

/** All companies, with everything that widens a row; two of its items are masked. */
const ASK: Ask = {
  requester: 'transport',
  provider: 'market-regulation',
  changes: {
    entryId: 'companies',
    items: [
      'credit_code',
      'name',
      'company_type',
      'industry',
      'district_code',
      'address',
      'legal_representative',
      'registered_capital',
      'established_on',
      'status',
      'bank_account',
      'updated_at',
    ],
    rowScope: { all: [] },
    purpose: '行政执法与监督检查',
  },
};

/** What the worker of a running platform holds while it delivers two million rows of a request that was filed and approved. */
export const bench: Bench = {
  name: 'worker',
  async run(say) {
    const platform = await startPlatform();
    try {
      await growCompanies(administratorUrl(platform, database(platform.dataDir)));
      const worker = platform.state().pids.worker;
      if (worker === undefined) throw new Error('No worker runs');
      const idle = peakOf(worker);
      const integrator = createIntegrator({ url: () => platform.url, dataDir: platform.dataDir });
      const caseId = await file(integrator, ASK);
      const began = performance.now();
      await approveAll(integrator, caseId, ASK);
      await comesTo(integrator, { caseId, ask: ASK, status: 'completed', withinMs: 300_000 });
      const seconds = (performance.now() - began) / 1000;
      const { body } = await integrator.get('auditor', `/api/cases/${caseId}`);
      if (body.delivery.rows !== ROWS) throw new Error(`${body.delivery.rows} rows were delivered`);
      if (platform.state().pids.worker !== worker) throw new Error('The worker was started again');
      say(`delivered ${ROWS} rows in ${seconds.toFixed(1)} s, approvals included`);
      return [
        { what: 'peak memory of the worker', value: peakOf(worker) / MEGABYTE, unit: 'MB', goal: { atMost: 300 } },
        { what: 'before any delivery', value: idle / MEGABYTE, unit: 'MB' },
        { what: 'rows, approvals included', value: ROWS / seconds, unit: 'rows/s' },
      ];
    } finally {
      await platform.remove();
    }
  },
};

function database(dataDir: string): string {
  return new URL(departmentUrl(dataDir, 'market-regulation')).pathname.slice(1);
}

/** Repeats the seeded companies under other codes, which no check looks at on the way. */
async function growCompanies(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select column_name as name from information_schema.columns where table_name = 'companies' and column_name <> 'credit_code'",
    );
    const rest = rows.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
    const count = `(select count(*) from companies)`;
    await client.query(`insert into companies (credit_code, ${rest})
      select lpad((n * 10000 + place)::text, 18, 'Z'), ${rest}
        from (select *, row_number() over () as place from companies) seeded, generate_series(1, 1000) as n
       limit ${ROWS} - ${count}`);
    await client.query('analyze companies');
  } finally {
    await client.end();
  }
}

/** The largest resident memory of a process so far, in bytes. */
function peakOf(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error('The memory of processes is read from /proc, which this system lacks');
  return Number(kilobytes) * 1024;
}
