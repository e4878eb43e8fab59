import type { TableEntry } from '../../domain/catalogue.ts';
import { FLIGHTS } from './flights.ts';
import { type DeliveryRig, GRANT, query, ROWS, withRig } from './delivery-rig.ts';
import { type Bench, type Measure, median } from './measure.ts';

const CHANGED = 1_000;
const RUNS = 5;

const ENTRY: TableEntry = { ...FLIGHTS, mount: { ...FLIGHTS.mount, updatedColumn: 'changed' } };

/**
 * What changed since the last delivery, of two million rows: 900 updated, 50 inserted, 50 deleted. Both sides are then
 * held against each other key by key, so that a row which went without a word is found.
 */
export const bench: Bench = {
  name: 'increments',
  run: (say) => withRig(say, (rig) => measure(rig, say)),
};

async function measure(rig: DeliveryRig, say: (line: string) => void): Promise<Measure[]> {
  await query(
    rig.sourceUrl,
    // A row a second: few are near the mark, and read again for that.
    'alter table flights add column changed timestamptz',
    `update flights set changed = timestamptz '2025-12-01 00:00:00+08' + id * interval '1 second'`,
    'create index flights_changed on flights (changed)',
    'vacuum (full, analyze) flights',
  );
  const whole = await rig.deliver({ deliveryId: 'whole', grant: GRANT, entry: ENTRY });
  say(`whole: ${whole.seconds.toFixed(2)} s`);
  const runs: number[] = [];
  for (let n = 1; n <= RUNS; n++) {
    await change(rig, n);
    await rig.checkpoint();
    const told = await rig.deliver({ deliveryId: `increment-${n}`, grant: GRANT, entry: ENTRY });
    const { inserted, updated, deleted, total } = told.manifest.changes ?? {};
    if (inserted !== 50 || updated !== CHANGED - 100 || deleted !== 50 || total !== ROWS) {
      throw new Error(`The increment brought ${JSON.stringify(told.manifest.changes)}`);
    }
    runs.push(told.seconds);
    say(`increment ${n}: ${told.seconds.toFixed(2)} s`);
  }
  return [
    { what: `${CHANGED} of ${ROWS} rows changed`, value: median(runs), unit: 's', goal: { atMost: 2 }, runs },
    { what: 'increment / whole', value: whole.seconds / median(runs), unit: '×' },
  ];
}

/** Each time other rows; times a good hour apart, so that none is read again for being near the mark. */
async function change({ sourceUrl }: DeliveryRig, n: number): Promise<void> {
  const time = `timestamptz '2026-02-01 00:00:00+08' + interval '1 hour' * ${n}`;
  const [first, last] = [n * 10_000, n * 10_000 + CHANGED - 100 - 1];
  await query(
    sourceUrl,
    `update flights set changed = ${time}, dep_delay = coalesce(dep_delay, 0) + 1 where id between ${first} and ${last}`,
    `insert into flights select ${ROWS} + ${n} * 1000 + g, scheduled, dep_time, dep_delay, arr_time, arr_delay, carrier,
            flight, tailnum, origin, dest, air_time, distance, summary, ${time}
       from flights cross join generate_series(1, 50) g where id = ${first}`,
    `delete from flights where id between ${first + 5_000} and ${first + 5_049}`,
  );
}
