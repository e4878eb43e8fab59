import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Counter, Gauge } from 'prom-client';
import { parse } from 'yaml';
import { projectRoot } from '../../config.ts';
import { apiMetrics } from '../../metrics/api.ts';
import { measureFacts } from '../../metrics/facts.ts';
import { createMeter, type Meter } from '../../metrics/registry.ts';
import { workerMetrics } from '../../metrics/worker.ts';
import { openDatabase } from '../../store/database.ts';

const read = (...path: string[]): string => readFileSync(join(projectRoot, ...path), 'utf8');
const db = openDatabase('postgresql://nobody@127.0.0.1:1/none', { max: 1 });
afterAll(() => db.destroy());

type Metric = { readonly name: string; readonly help: string; readonly labelNames: readonly string[] };
const metricsIn = ({ registry }: Meter) => registry.getMetricsAsArray() as unknown as Metric[];

const [api, worker] = [createMeter(), createMeter()];
measureFacts(api, { db });
const facts = new Set(namesIn(api));
apiMetrics(api);
workerMetrics(worker);

function namesIn(meter: Meter): string[] {
  return metricsIn(meter).map(({ name }) => name);
}

function typeOf(metric: unknown): string {
  if (metric instanceof Counter) return 'counter';
  return metric instanceof Gauge ? 'gauge' : 'histogram';
}

/** The rows as the document has them: `from` says who answers with it. */
function rowsOf(): string[] {
  const metrics = new Map([...metricsIn(api), ...metricsIn(worker)].map((metric) => [metric.name, metric]));
  const fromOf = (name: string): string => {
    if (facts.has(name)) return 'database';
    const from = [
      ...(namesIn(api).includes(name) ? ['API'] : []),
      ...(namesIn(worker).includes(name) ? ['worker'] : []),
    ];
    return from.join(', ');
  };
  return [...metrics.values()].map((metric) => {
    const labels = metric.labelNames.map((label) => `\`${label}\``).join(', ');
    return `| \`${metric.name}\` | ${typeOf(metric)} | ${labels} | ${fromOf(metric.name)} | ${metric.help} |`;
  });
}

test('monitoring.md lists every metric, as the registry has it', () => {
  const listed = read('docs', 'monitoring.md')
    .split('\n')
    .filter((line) => line.startsWith('| `santong_'));
  expect(listed).toEqual(rowsOf());
});

test('names and labels are as Prometheus has them, and there are no labels of which there are many', () => {
  for (const metric of [...metricsIn(api), ...metricsIn(worker)]) {
    expect(metric.name).toMatch(/^santong_[a-z_]+$/);
    expect(metric.name.endsWith('_total')).toBe(typeOf(metric) === 'counter');
    if (typeOf(metric) === 'histogram') expect(metric.name).toMatch(/_seconds$/);
    for (const label of metric.labelNames) expect(label).not.toMatch(/case|person|grant|account|path|address/);
  }
});

test('the rules for alerts in deploy/ ask for metrics that there are, and the scrape configuration asks both processes', () => {
  const known = new Set([...namesIn(api), ...namesIn(worker)]);
  const rules = read('deploy', 'prometheus-rules.yaml');
  const { groups } = parse(rules) as { groups: { rules: { alert: string; expr: string; for?: string }[] }[] };
  const all = groups.flatMap((group) => group.rules);
  expect(all.length).toBeGreaterThan(5);
  for (const { expr } of all) {
    const asked = expr.match(/\bsantong_\w+/g) ?? [];
    const names = asked.map((name) => name.replace(/_(bucket|count|sum)$/, ''));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  }
  const { scrape_configs: jobs } = parse(read('deploy', 'prometheus.yaml')) as {
    scrape_configs: { job_name: string }[];
  };
  expect(jobs.map(({ job_name: name }) => name)).toEqual(['santong-api', 'santong-worker', 'santong-worker-temporal']);
});
