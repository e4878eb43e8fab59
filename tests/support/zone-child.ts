// Prints due dates computed in a process of its own, whose time zone a test chooses.
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { firstCalendar } from '../../seed/calendar.ts';
import { dueDatesOf } from './zones.ts';

process.stdout.write(JSON.stringify(dueDatesOf(await firstCalendar(join(projectRoot, 'data')))));
