import pg from 'pg';

/** The schema in a requester's database that belongs to the platform. */
export const RECEIVED = 'received';

export function qualified(table: string): string {
  return `${RECEIVED}.${pg.escapeIdentifier(table)}`;
}

export function stagingOf(table: string): string {
  return `${table}__staging`;
}
