import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { EntryDraft, Suggestion } from '../../../domain/catalogue-draft.ts';
import { type DatabaseKind, isDatabase } from '../../../domain/data-source.ts';
import { suggestionsOf } from '../../../domain/sensitivity.ts';
import { draftOf } from '../../../domain/survey-draft.ts';
import type { AddressGuard } from '../../../notices/addresses.ts';
import { lookingInto } from '../../../sources/database.ts';
import { SourceFailure } from '../../../sources/failure.ts';
import type { Survey } from '../../../sources/survey.ts';
import type { SourceTable } from '../../../sources/tables.ts';
import { holdSource, insertCompilation, mountedOn, type Skipped } from '../../../store/catalogue-compilations.ts';
import { insertDrafts } from '../../../store/catalogue-drafts.ts';
import { findCommand } from '../../../store/commands.ts';
import { openableSource, type Source } from '../../../store/data-sources.ts';
import { newEntryId } from '../../catalogue-drafts.ts';
import type { CallerCall } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import type { RouteDeps } from '../deps.ts';

/** A statement in a department's database has five seconds, and a whole compilation a minute. */
const STATEMENT_MS = 5_000;
const WHOLE_MS = 60_000;

export interface CompileOrder {
  readonly sourceId: string;
  readonly schema?: string | undefined;
  readonly tables?: readonly string[] | undefined;
}

type Call = CallerCall<unknown, unknown, CompileOrder>;

interface Looked {
  readonly table: SourceTable;
  readonly draft: EntryDraft;
  readonly suggestions: readonly Suggestion[];
  readonly survey: Survey;
}

/**
 * Looks into a source of the actor's department and makes a draft of every table that no entry is mounted on yet. Says the
 * id of the compilation: the earlier one where the same was asked before.
 * @throws {Problem} Invalid with UnknownSource, SourceKindUnfit, SourceUnreachable or SourceRefused; IdempotencyKeyReused
 */
export async function compile(
  { db, outside, sourceGuard }: Pick<RouteDeps, 'db' | 'outside' | 'sourceGuard'>,
  call: Call,
): Promise<string> {
  const { actor, body, idempotency } = call;
  const earlier = await findCommand(db, idempotency.id);
  if (earlier) {
    if (earlier.bodyDigest !== idempotency.bodyDigest) throw new Problem('IdempotencyKeyReused');
    return earlier.targetId;
  }
  const source = await openableSource(db, { id: body.sourceId, department: actor.department }, outside.secretKey);
  if (!source) throw faultOf('UnknownSource');
  const { connection, isTrusted } = source;
  if (!('url' in connection) || !isDatabase(connection.kind)) throw faultOf('SourceKindUnfit');
  const { kind } = connection;
  const place = { url: connection.url, ...(isTrusted ? {} : { guard: sourceGuard }) };
  const mounted = await mountedOn(db, source.id);
  const { looked, skipped } = await look(source, place, { order: body, kind, mounted, provider: actor.department });
  const id = randomUUID();
  return once(db, call, {
    kind: 'catalogue-compilation',
    action: 'compile',
    id,
    work: (trx) => keep(trx, { id, source, looked, skipped, call }),
  });
}

function faultOf(code: string, cause?: unknown): Problem {
  return new Problem('Invalid', { faults: [{ pointer: '/sourceId', code }], cause });
}

interface Asked {
  readonly order: CompileOrder;
  readonly kind: DatabaseKind;
  readonly mounted: ReadonlyMap<string, string>;
  readonly provider: string;
}

async function look(
  source: Source,
  { url, ...guarded }: { readonly url: string; readonly guard?: AddressGuard },
  { order, kind, mounted, provider }: Asked,
) {
  const looked: Looked[] = [];
  const skipped: Skipped[] = [];
  const until = Date.now() + WHOLE_MS;
  const wanted = {
    ...(order.schema === undefined ? {} : { schema: order.schema }),
    ...(order.tables === undefined ? {} : { tables: order.tables }),
  };
  try {
    await lookingInto(url, { statementMs: STATEMENT_MS, ...guarded }, async (database) => {
      const tables = await database.tables(wanted);
      const found = new Set(tables.map(({ name }) => name));
      for (const name of new Set(order.tables))
        if (!found.has(name)) skipped.push({ table: name, code: 'NoSuchTable' });
      for (const table of tables) {
        const passed = passedOver(table, { mounted, isLate: Date.now() > until });
        if (passed) skipped.push(passed);
        else looked.push(lookedAt(table, await database.survey(table), { source, kind, provider }));
      }
    });
  } catch (error) {
    if (error instanceof SourceFailure) throw faultOf(error.code, error);
    throw error;
  }
  return { looked, skipped };
}

function passedOver(
  { schema, name: table, columns }: SourceTable,
  { mounted, isLate }: { readonly mounted: ReadonlyMap<string, string>; readonly isLate: boolean },
): Skipped | undefined {
  const entryId = mounted.get(`${schema}.${table}`);
  if (entryId !== undefined) return { schema, table, code: 'AlreadyMounted', params: { entryId } };
  if (columns.length === 0) return { schema, table, code: 'NoColumns' };
  return isLate ? { schema, table, code: 'OutOfTime' } : undefined;
}

function lookedAt(
  table: SourceTable,
  found: Survey,
  { source, kind, provider }: { readonly source: Source; readonly kind: DatabaseKind; readonly provider: string },
): Looked {
  const mount = { sourceId: source.id, schema: table.schema, table: table.name };
  const { rows, lastUpdate, findings } = found;
  const facts = { ...table, ...(rows ? { rows } : {}), ...(lastUpdate ? { lastUpdate } : {}) };
  const draft = draftOf(facts, { mount, kind, provider, source: source.name });
  return { table, draft, suggestions: suggestionsOf(findings), survey: found };
}

/** All drafts and the note of what was done, or none. A table that another compilation has taken meanwhile is left to it. */
async function keep(
  trx: Knex.Transaction,
  {
    id,
    source,
    looked,
    skipped,
    call: { actor },
  }: {
    readonly id: string;
    readonly source: Source;
    readonly looked: readonly Looked[];
    readonly skipped: readonly Skipped[];
    readonly call: Call;
  },
): Promise<void> {
  await holdSource(trx, source.id);
  const mounted = await mountedOn(trx, source.id);
  const taken = looked.flatMap(({ table }) => passedOver(table, { mounted, isLate: false }) ?? []);
  const free = looked.filter(({ table: { schema, name } }) => !mounted.has(`${schema}.${name}`));
  const drafts = free.map(({ draft, suggestions }) => ({
    entryId: newEntryId(),
    provider: actor.department,
    origin: 'database' as const,
    body: draft,
    suggestions,
    createdBy: actor.person,
  }));
  const draftIds = await insertDrafts(trx, drafts);
  const made = free.map(({ table, draft, suggestions, survey: { rows, sampled } }, index) => ({
    draftId: draftIds[index] ?? '',
    entryId: drafts[index]?.entryId ?? '',
    schema: table.schema,
    table: table.name,
    name: draft.name ?? '',
    items: table.columns.length,
    suggestions: suggestions.length,
    sampled,
    ...(rows ? { rows } : {}),
  }));
  await insertCompilation(trx, {
    id,
    made,
    skipped: [...skipped, ...taken],
    sourceId: source.id,
    department: actor.department,
    createdBy: actor.person,
  });
}
