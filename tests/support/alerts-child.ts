import { evaluateAlerts } from '../../store/alerts/evaluate.ts';
import { openDatabase } from '../../store/database.ts';

/** Holds alerts against their rules without a pause, for a test that kills it. */
const db = openDatabase(process.argv[2] ?? '', { max: 2 });
process.send?.('ready');
for (;;) await evaluateAlerts(db, () => undefined);
