import type { Grant } from '../../domain/grant.ts';
import { type DeliveryRig, GRANT, psqlToPsql, query, ROWS, withRig } from './delivery-rig.ts';
import { type Bench, type Measure, median } from './measure.ts';
import { dltMoves } from './peer/dlt.ts';

const RUNS = 3;

/** One that looks up surnames, and one of plain edges. */
const TWO_MASKED: Grant = { ...GRANT, id: 'bench-two', masks: { carrier: 'name', tailnum: 'plate' } };

/** The dearest rules: with them one that cuts addresses by pattern, and one that leaves nothing. */
const FOUR_MASKED: Grant = {
  ...GRANT,
  id: 'bench-four',
  masks: { ...TWO_MASKED.masks, summary: 'address', dest: 'whole' },
};

/**
 * A delivery of two million real rows between two databases of one embedded server, with digest and switch, against the
 * same rows through `psql \copy | psql \copy` in the same text format, and against a well-kept mover of data. The rows of
 * psql come in no order and land in a table that exists; ours are ordered by key and replace a table.
 */
export const bench: Bench = {
  name: 'delivery',
  run: (say) => withRig(say, (rig) => compare(rig, say)),
};

async function compare(rig: DeliveryRig, say: (line: string) => void): Promise<Measure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const masked: number[] = [];
  let bytesPerRow = 0;
  let peakBytes = 0;
  const delivered = async (grant: Grant, n: number): Promise<number> => {
    const told = await rig.deliver({ deliveryId: `${grant.id}-${n}`, grant });
    if (told.manifest.rows !== ROWS) throw new Error(`${told.manifest.rows} rows arrived instead of ${ROWS}`);
    ({ peakBytes } = told);
    // Masks shorten rows.
    if (grant === GRANT) bytesPerRow = told.manifest.bytes / ROWS;
    return told.seconds;
  };
  for (let n = 1; n <= RUNS; n++) {
    const runs = [
      async () => void ours.push(await delivered(GRANT, n)),
      async () => void theirs.push(await psqlToPsql(rig)),
      async () => void masked.push(await delivered(TWO_MASKED, n)),
    ];
    for (const run of n % 2 === 0 ? runs : runs.toReversed()) {
      await rig.checkpoint();
      await run();
    }
    say(
      `run ${n}: Santong ${seconds(ours.at(-1))}, two items masked ${seconds(masked.at(-1))}, psql ${seconds(theirs.at(-1))}`,
    );
  }
  const four = await delivered(FOUR_MASKED, 1);
  const [bytes, peak] = [bytesPerRow, peakBytes];
  await query(rig.targetUrl, 'drop schema received cascade', 'drop table copied');
  await rig.checkpoint();
  const peer = await dltMoves(rig.sourceUrl, rig.targetUrl, 'flights');
  say(`dlt: ${seconds(peer)}`);
  const rate = (taken: readonly number[]) => ROWS / median(taken);
  return [
    { what: 'delivery / psql', value: median(theirs) / median(ours), unit: '', goal: { atLeast: 0.95 } },
    {
      what: 'delivery with two items masked / psql',
      value: median(theirs) / median(masked),
      unit: '',
      goal: { atLeast: 0.75 },
    },
    { what: 'delivery / dlt', value: peer / median(ours), unit: '', goal: { atLeast: 1 } },
    { what: 'peak memory of the process', value: peak / 2 ** 20, unit: 'MB', goal: { atMost: 200 } },
    { what: 'delivery', value: rate(ours), unit: 'rows/s', runs: ours },
    { what: 'delivery, two items masked', value: rate(masked), unit: 'rows/s', runs: masked },
    { what: 'delivery, four items masked', value: ROWS / four, unit: 'rows/s' },
    { what: 'psql | psql', value: rate(theirs), unit: 'rows/s', runs: theirs },
    { what: 'dlt', value: ROWS / peer, unit: 'rows/s' },
    { what: 'bytes in a row', value: bytes, unit: 'B' },
  ];
}

function seconds(value: number | undefined): string {
  return `${value?.toFixed(2)} s`;
}
