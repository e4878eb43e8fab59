import { type Count, type Durations, type Meter } from './registry.ts';
import { sharingAsks } from './sharing.ts';

/** What an API process counts of its own doing. */
export interface ApiMetrics {
  /** A request that was answered: by the route's template, never its path. */
  answered(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    seconds: number;
  }): void;
  readonly searches: Durations;
  readonly commands: Count;
  readonly commandSeconds: Durations;
  readonly asks: Count;
}

const FAST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function apiMetrics(meter: Meter): ApiMetrics {
  const requests = meter.counter({
    name: 'http_requests_total',
    help: 'Requests answered, by route and class of status',
    labels: ['method', 'route', 'status'],
  });
  const seconds = meter.histogram({
    name: 'http_request_seconds',
    help: 'From the request to the first byte of its answer',
    labels: ['method', 'route'],
    buckets: FAST,
  });
  return {
    answered({ method, route, status, seconds: took }) {
      requests.add({ method, route, status: `${Math.floor(status / 100)}xx` });
      seconds.seconds({ method, route }, took);
    },
    searches: meter.histogram({
      name: 'catalogue_search_seconds',
      help: 'Searches of the catalogue, facets included',
      labels: ['words'],
      buckets: FAST,
    }),
    commands: meter.counter({
      name: 'commands_total',
      help: 'Commands sent to cases and grants, and what was known of them when the caller was answered',
      labels: ['target', 'outcome'],
    }),
    commandSeconds: meter.histogram({
      name: 'command_seconds',
      help: 'From sending a command until it was recorded or refused',
      labels: ['target'],
      buckets: FAST,
    }),
    asks: sharingAsks(meter),
  };
}
