import { resourceUsage } from 'node:process';
import { postgresSource } from '../../activities/transfer/postgresql/session.ts';
import { deliver } from '../../activities/transfer/deliver.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import { digestOf } from '../../domain/digest.ts';
import type { Grant, Manifest } from '../../domain/grant.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { FLIGHTS } from './flights.ts';

/** Makes deliveries in a process that does nothing else, so that its memory is that of deliveries. */
export interface DeliveryTask {
  readonly deliveryId: string;
  readonly grant: Grant;
  /** Absent: the flights as they are. */
  readonly entry?: TableEntry;
  readonly sourceUrl: string;
  readonly targetUrl: string;
}

/** `peakBytes` is the largest resident memory of the process so far, its start and earlier deliveries included. */
export type DeliveryTold =
  | { readonly seconds: number; readonly peakBytes: number; readonly manifest: Manifest }
  | { readonly error: string };

process.on('message', (task: DeliveryTask) => {
  void make(task)
    .catch((error: unknown): DeliveryTold => ({ error: error instanceof Error ? (error.stack ?? '') : String(error) }))
    .then((told) => process.send?.(told));
});

async function make({ deliveryId, grant, entry = FLIGHTS, sourceUrl, targetUrl }: DeliveryTask): Promise<DeliveryTold> {
  const start = performance.now();
  const manifest = await deliver({
    deliveryId,
    grant,
    entry,
    policyVersion: 'bench',
    policyLine: 'bench',
    pseudonyms: pseudonymsOf(new Uint8Array(32), grant.id),
    previous: async () => digestOf(grant),
    source: postgresSource('source', entry.mount.sourceId, sourceUrl),
    target: postgresSource('target', 'statistics-main', targetUrl),
    now: () => new Date(),
    onProgress: () => undefined,
  });
  return { seconds: (performance.now() - start) / 1000, peakBytes: resourceUsage().maxRSS * 1024, manifest };
}
