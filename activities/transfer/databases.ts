import type { Socket } from 'node:net';
import type { Side } from '../../domain/delivery-failure.ts';
import type { DataSource } from './connector.ts';
import { mysqlSource } from './mysql/session.ts';
import { postgresSource } from './postgresql/session.ts';

/** A department's database, of the kind that its address names. `stream` makes the socket that is connected through. */
export function databaseSource(side: Side, sourceId: string, url: string, stream?: () => Socket): DataSource {
  return url.startsWith('mysql:')
    ? mysqlSource(side, sourceId, url, stream)
    : postgresSource(side, sourceId, url, stream);
}
