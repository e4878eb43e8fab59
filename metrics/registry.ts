import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One value of a metric, under its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Described {
  /** Without the prefix `santong_`, in the conventions of Prometheus: `_total` on counters, `_seconds`, `_bytes`. */
  readonly name: string;
  readonly help: string;
  /** What values are told apart by. Only what there are few of: no ids of cases, no people, no paths. */
  readonly labels?: readonly string[];
}

export interface Count {
  add(labels?: Sample['labels'], by?: number): void;
}

export interface Durations {
  seconds(labels: Sample['labels'], seconds: number): void;
}

export interface Level {
  change(by: number, labels?: Sample['labels']): void;
}

/**
 * The metrics of one process. Whoever measures something of their own makes it here, once, and it is in the answer of the
 * process's address for Prometheus. A name that is taken throws.
 */
export interface Meter {
  readonly registry: Registry;
  counter(described: Described): Count;
  histogram(described: Described & { readonly buckets: readonly number[] }): Durations;
  level(described: Described): Level;
  /** Read at each scrape; one that cannot be read has no value then. */
  gauge(described: Described, read: () => Promise<readonly Sample[]>): void;
}

const full = (name: string): string => `santong_${name}`;

/** `process`: with memory, processor time and the lag of the event loop. For the life of the process: call it once there. */
export function createMeter({ process: ofProcess = false } = {}): Meter {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const common = ({ name, help, labels = [] }: Described) => ({
    name: full(name),
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    registry,
    counter(described) {
      const counter = new Counter(common(described));
      return { add: (labels = {}, by = 1) => counter.inc(labels, by) };
    },
    histogram(described) {
      const histogram = new Histogram({ ...common(described), buckets: [...described.buckets] });
      return { seconds: (labels, seconds) => histogram.observe(labels, seconds) };
    },
    level(described) {
      const gauge = new Gauge(common(described));
      return { change: (by, labels = {}) => gauge.inc(labels, by) };
    },
    gauge(described, read) {
      const gauge: Gauge = new Gauge({
        ...common(described),
        async collect() {
          const samples = await read().catch(() => []);
          gauge.reset();
          if (samples.length === 0 && (described.labels ?? []).length === 0) gauge.remove();
          for (const { labels, value } of samples) gauge.set(labels, value);
        },
      });
    },
  };
}
