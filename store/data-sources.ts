import type { Knex } from 'knex';
import {
  type Connection,
  DATABASE_KINDS,
  isDatabase,
  type SourceKind,
  type SourceReason,
} from '../domain/data-source.ts';
import { seal, unseal } from './sealed.ts';

/** A department's own data source, as the platform knows it. How it is reached stays sealed. */
export interface Source {
  readonly id: string;
  readonly department: string;
  readonly name: string;
  readonly kind: SourceKind;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** The last look at it, the last that went well, how many have failed since, and why the last did. */
  readonly lookedAt: Date | null;
  readonly reachedAt: Date | null;
  readonly failures: number;
  readonly failure: SourceReason | null;
}

const COLUMNS = {
  id: 'id',
  department: 'department_id',
  name: 'name',
  kind: 'kind',
  revision: 'revision',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  lookedAt: 'looked_at',
  reachedAt: 'reached_at',
  failures: 'failures',
  failure: 'failure',
} as const;

/** The data sources of a department, without how they are reached, in the order in which they were entered. */
export async function sourcesOf(db: Knex, department: string): Promise<Source[]> {
  return db('data_sources')
    .where({ department_id: department })
    .orderBy(['created_at', 'id'])
    .select<Source[]>(COLUMNS);
}

/** A department's own source; undefined where it has none of this id. */
export async function findSource(
  db: Knex,
  { id, department }: { readonly id: string; readonly department: string },
): Promise<Source | undefined> {
  return db('data_sources').where({ id, department_id: department }).first<Source | undefined>(COLUMNS);
}

/** A source with how it is reached. */
export interface OpenedSource extends Source {
  readonly connection: Connection;
  /** Whoever runs the platform has named the address. */
  readonly isTrusted: boolean;
}

/** A department's own source with how it is reached, unsealed; undefined where it has none of this id. Throws SealError. */
export async function openableSource(
  db: Knex,
  { id, department }: { readonly id: string; readonly department: string | undefined },
  secretKey: Uint8Array,
): Promise<OpenedSource | undefined> {
  const row = await db('data_sources')
    .where({ id, ...(department === undefined ? {} : { department_id: department }) })
    .first<(Source & { sealed: Buffer; enteredBy: string | null }) | undefined>({
      ...COLUMNS,
      sealed: 'sealed_connection',
      enteredBy: 'entered_by',
    });
  if (!row) return undefined;
  const { sealed, enteredBy, ...source } = row;
  return { ...source, connection: connectionIn(source.kind, unseal(secretKey, sealed)), isTrusted: enteredBy === null };
}

/** Of a database the address itself is sealed, of all others their members as JSON. */
function connectionIn(kind: SourceKind, text: string): Connection {
  return isDatabase(kind) ? { kind, url: text } : (JSON.parse(text) as Connection);
}

function sealedText(secretKey: Uint8Array, connection: Connection): Buffer {
  return seal(
    secretKey,
    'url' in connection && isDatabase(connection.kind) ? connection.url : JSON.stringify(connection),
  );
}

export async function insertSource(
  trx: Knex,
  source: Pick<Source, 'id' | 'department' | 'name'> & { readonly connection: Connection; readonly enteredBy: string },
  secretKey: Uint8Array,
): Promise<void> {
  const { id, department, name, connection, enteredBy } = source;
  await trx('data_sources').insert({
    id,
    name,
    department_id: department,
    kind: connection.kind,
    sealed_connection: sealedText(secretKey, connection),
    entered_by: enteredBy,
  });
}

/** Changes a source that is still at the revision given, and says whether it was. Another connection has another health. */
export async function changeSource(
  trx: Knex,
  { id, revision }: Pick<Source, 'id' | 'revision'>,
  change: { readonly name?: string; readonly connection?: Connection; readonly enteredBy: string },
  secretKey: Uint8Array,
): Promise<boolean> {
  const { name, connection, enteredBy } = change;
  const reached = connection && {
    sealed_connection: sealedText(secretKey, connection),
    entered_by: enteredBy,
    looked_at: null,
    reached_at: null,
    failures: 0,
    failure: null,
    watch_at: trx.fn.now(),
  };
  const changed = await trx('data_sources')
    .where({ id, revision })
    .update({
      ...(name === undefined ? {} : { name }),
      ...reached,
      revision: trx.raw('revision + 1'),
      updated_at: trx.fn.now(),
    });
  return changed === 1;
}

/** Writes down how a look at a source went. A source that was changed meanwhile is another one. */
export async function noteLook(
  db: Knex,
  { id, revision }: Pick<Source, 'id' | 'revision'>,
  failure: SourceReason | undefined,
): Promise<void> {
  await db('data_sources')
    .where({ id, revision })
    .update({
      looked_at: db.fn.now(),
      failure: failure ?? null,
      ...(failure === undefined ? { reached_at: db.fn.now(), failures: 0 } : { failures: db.raw('failures + 1') }),
    });
}

/** The address of a department's database, unsealed, and whether whoever runs the platform has named it. Throws if there is no such database or the key is another one. */
export async function connectionOf(
  knex: Knex,
  sourceId: string,
  secretKey: Uint8Array,
): Promise<{ readonly url: string; readonly isTrusted: boolean }> {
  const row = await knex('data_sources')
    .where({ id: sourceId })
    .whereIn('kind', DATABASE_KINDS)
    .first<{ sealed: Buffer; enteredBy: string | null } | undefined>({
      sealed: 'sealed_connection',
      enteredBy: 'entered_by',
    });
  if (!row) throw new Error(`No database ${sourceId}`);
  return { url: unseal(secretKey, row.sealed), isTrusted: row.enteredBy === null };
}

/** The database in which a department takes deliveries: the first that it has. */
export async function receivingSourceOf(knex: Knex, department: string): Promise<string> {
  const row = await knex('data_sources')
    .where({ department_id: department })
    .whereIn('kind', DATABASE_KINDS)
    .orderBy(['created_at', 'id'])
    .first<{ id: string }>('id');
  if (!row) throw new Error(`Department ${department} has no database`);
  return row.id;
}
