import type { Knex } from 'knex';

/** Codes of PostgreSQL for a server that starts, stops or has no room, and of the socket for one that is not there. */
const OUTAGES = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53100',
  '53200',
  '53300',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Whether an error says that the database is away or full, rather than that something is wrong with the query. */
export function isDatabaseDown(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseDown);
  if (!isError(error)) return false;
  // The pool gave no connection in time: knex does not export the class as a value.
  if (error.name === 'KnexTimeoutError') return true;
  if ('code' in error && OUTAGES.has(String(error.code))) return true;
  return /Connection terminated|Client has encountered a connection error/.test(error.message);
}

/** By its shape: errors of Node's sockets may be of another realm than our own `Error`. */
function isError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'name' in error && 'message' in error;
}

/** Whether an error comes of what was to be written, and not of the connection: of our own reading, or a value that no column takes. */
export function isOfTheEvent(error: unknown): boolean {
  if (!(error instanceof Error) || isDatabaseDown(error)) return false;
  if (!('code' in error))
    return !/connection|terminat|timeout|pool|transaction/i.test(`${error.name} ${error.message}`);
  return /^(22|23|42)[0-9A-Z]{3}$/.test(String(error.code));
}

/** Whether the database answers, within two seconds. */
export async function isReachable(db: Knex): Promise<boolean> {
  try {
    await db.raw('select 1').timeout(2_000);
    return true;
  } catch {
    return false;
  }
}
