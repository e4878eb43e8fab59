import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../config.ts';
import { addDays } from '../../domain/civil-date.ts';
import { firstCalendar, statutoryDays } from '../../seed/calendar.ts';
import { dueDatesOf } from '../support/zones.ts';

const run = promisify(execFile);

test.each(['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Asia/Kolkata', 'Europe/London'])(
  'a process in the zone %s comes to the same due dates, which are days in Shanghai',
  async (zone) => {
    const support = join(projectRoot, 'tests/support');
    const args = ['--import', join(support, 'typescript.mjs'), join(support, 'zone-child.ts')];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, TZ: zone } });
    const here = dueDatesOf(await firstCalendar(join(projectRoot, 'data')));
    expect(JSON.parse(stdout)).toEqual(here);
    expect(here).toContain('2027-02-28T15:59:59.999Z 1 2027-03-01T23:59:59.999+08:00');
    expect(here).toContain('2027-02-28T16:00:00Z 1 2027-03-02T23:59:59.999+08:00');
  },
);

test('the feasts of the provisional years are those that chinese-days computes where the clock is that of Shanghai', async () => {
  const asked = `
    const { default: days } = await import('chinese-days');
    const feasts = {};
    for (let year = 2025; year <= 2036; year += 1) {
      const lunar = (day) => days.getSolarDateFromLunar(year + '-' + day).date;
      feasts[year] = [lunar('01-01'), days.getSolarTermDate(year, 4, 'pure_brightness'), lunar('05-05'), lunar('08-15')];
    }
    process.stdout.write(JSON.stringify(feasts));`;
  const env = { ...process.env, TZ: 'Asia/Shanghai' };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', asked], { env, cwd: projectRoot });
  for (const [year, feasts] of Object.entries(JSON.parse(stdout) as Record<string, string[]>)) {
    const spring = feasts[0] ?? '';
    const expected = [...feasts, ...[-1, 1, 2].map((offset) => addDays(spring, offset))];
    const fixed = ['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'].map((day) => `${year}-${day}`);
    expect(statutoryDays(Number(year))).toEqual([...new Set([...expected, ...fixed])].toSorted());
  }
});
