import type { Count, Meter } from './registry.ts';
import { sharingAsks } from './sharing.ts';

/** What a worker counts of its own doing. */
export interface WorkerMetrics {
  /** An attempt at a delivery begins; what it answers is called when it is over. */
  attempt(): (attempt: Attempted) => void;
  readonly asks: Count;
}

export interface Attempted {
  /** Absent where not even the grant was found. */
  readonly mode?: string;
  /** `delivered`, or the code of what stood in the way. */
  readonly outcome: string;
  readonly seconds: number;
  readonly moved?: { readonly isIncrement: boolean; readonly rows: number; readonly bytes: number };
}

const LONG = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400];

export function workerMetrics(meter: Meter): WorkerMetrics {
  const labels = ['mode', 'set'];
  const running = meter.level({ name: 'delivery_attempts_running', help: 'Attempts at deliveries under way here' });
  const attempts = meter.counter({
    name: 'delivery_attempts_total',
    help: 'Attempts at deliveries, by how they ended: delivered, or the code of what stood in the way',
    labels: ['mode', 'outcome'],
  });
  const rows = meter.counter({ name: 'delivery_rows_total', help: 'Rows that were delivered', labels });
  const bytes = meter.counter({
    name: 'delivery_bytes_total',
    help: 'Bytes that were delivered, in the canonical form of the rows',
    labels,
  });
  const seconds = meter.histogram({
    name: 'delivery_seconds',
    help: 'Attempts that delivered, from the turn at the source on',
    labels,
    buckets: LONG,
  });
  return {
    attempt() {
      running.change(1);
      return ({ mode = 'unknown', outcome, seconds: took, moved }) => {
        running.change(-1);
        attempts.add({ mode, outcome });
        if (!moved) return;
        const set = { mode, set: moved.isIncrement ? 'increment' : 'whole' };
        rows.add(set, moved.rows);
        bytes.add(set, moved.bytes);
        seconds.seconds(set, took);
      };
    },
    asks: sharingAsks(meter),
  };
}
