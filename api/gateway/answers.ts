import { createHash } from 'node:crypto';
import { type Entry, isOnTable, type ServiceMount, type TableEntry } from '../../domain/catalogue.ts';
import type { Grant } from '../../domain/grant.ts';
import type { Fault } from '../../domain/language.ts';
import { freshSeconds, type Service } from '../../domain/service.ts';
import { readQuery, type ServiceQuery } from '../../domain/service-query.ts';
import { grantedRecords } from '../../domain/service-record.ts';
import type { AddressGuard } from '../../notices/addresses.ts';
import { callService } from '../../sources/http.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { type PagePlace, pageOfRows, requireFit } from '../../sources/service-rows.ts';
import type { OpenedSource } from '../../store/data-sources.ts';
import { seal, unseal } from '../../store/sealed.ts';
import { Problem } from '../problem.ts';
import type { Pools } from './pools.ts';

/** A call that is allowed. */
export interface Admitted {
  readonly service: Service;
  readonly grant: Grant;
  readonly entry: Entry;
  readonly source: OpenedSource;
}

/** What is answered with 200. */
export interface Answered {
  readonly body: string;
  readonly rows: number;
  /** The same for the same rows, whatever else is in the body. */
  readonly etag: string;
  /** For which the caller may keep it, in seconds. */
  readonly freshSeconds: number;
}

export type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface AnswerDeps {
  readonly secretKey: Uint8Array;
  readonly guard: AddressGuard;
  readonly pools: Pools;
}

export type AskSource = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Answers an allowed call: from the table of the entry, or from the HTTP service that it is mounted on. `ask` is what every
 * question to the source goes through. @throws {Problem} Invalid, AnswerTooLarge, and what `ask` and the source throw
 */
export async function answerCall(
  deps: AnswerDeps,
  admitted: Admitted,
  { params, at, ask }: { readonly params: Params; readonly at: string; readonly ask: AskSource },
): Promise<Answered> {
  const { entry, service } = admitted;
  const answer = isOnTable(entry)
    ? await fromTable(deps, { ...admitted, entry }, { params, ask })
    : await fromService(deps, admitted, { params, ask });
  if (Buffer.byteLength(answer.body) > service.maxBytes) throw new Problem('AnswerTooLarge');
  return { ...answer, freshSeconds: freshSeconds(entry.updateCycle, at) };
}

type Asked = { readonly params: Params; readonly ask: AskSource };
type Made = Omit<Answered, 'freshSeconds'>;

async function fromTable(
  { pools, secretKey }: AnswerDeps,
  admitted: Admitted & { readonly entry: TableEntry },
  { params, ask }: Asked,
): Promise<Made> {
  const { grant, entry } = admitted;
  const read = readQuery(params, admitted);
  if ('faults' in read) throw new Problem('Invalid', { faults: read.faults });
  const { query } = read;
  const after = query.cursor === undefined ? undefined : placeIn(secretKey, query.cursor, { grant, query });
  const opened = pools.of(admitted);
  const { rows, next } = await ask(async () => {
    try {
      const columns = await opened.columns();
      requireFit(columns, { grant, entry });
      return await pageOfRows(opened.pool, { grant, entry, query, columns, ...(after ? { after } : {}) });
    } catch (error) {
      opened.forgetColumns();
      throw error;
    }
  });
  const cursor = next ? JSON.stringify(cursorOf(secretKey, next, { grant, query })) : 'null';
  const items = rows.join(',');
  return {
    body: `{"items":[${items}],"nextCursor":${cursor}}`,
    rows: rows.length,
    etag: etagOf(items, JSON.stringify(next ?? null)),
  };
}

async function fromService(
  { secretKey, guard }: AnswerDeps,
  { service, grant, entry, source }: Admitted,
  { params, ask }: Asked,
): Promise<Made> {
  const { connection } = source;
  if (connection.kind !== 'http') throw new Error(`Source ${source.id} is no service`);
  const { items: listed, ...others } = params;
  const read = readQuery(listed === undefined ? {} : { items: listed }, { service, grant, entry });
  const unknown = Object.keys(others).filter((name) => !service.parameters.includes(name));
  const faults: Fault[] = [
    ...('faults' in read ? read.faults : []),
    ...unknown.map((name) => ({ pointer: `/query/${name}`, code: 'ParameterNotOffered' })),
  ];
  if (faults.length > 0 || 'faults' in read) throw new Problem('Invalid', { faults });
  const parameters = new URLSearchParams(
    Object.entries(others).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one])),
  );
  const { timeoutMs, maxBytes } = service;
  const place = { url: connection.url, headers: connection.headers, guard, timeoutMs };
  const records = await ask(() => callService(place, entry.mount as ServiceMount, { parameters, maxBytes }));
  const pseudonymise = pseudonymsOf(secretKey, grant.id).of;
  const given = grantedRecords(records, { grant, entry, items: read.query.items, pseudonymise });
  const items = JSON.stringify(given);
  return { body: `{"items":${items},"nextCursor":null}`, rows: given.length, etag: etagOf(items) };
}

function etagOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return `"${hash.digest('base64url').slice(0, 32)}"`;
}

type CursorOf = { readonly grant: Grant; readonly query: ServiceQuery };

/** What a cursor belongs to: the same question under the same grant. */
function askedIn({ grant, query: { items, conditions } }: CursorOf): string {
  return createHash('sha256')
    .update(JSON.stringify([grant.id, items, conditions]))
    .digest('base64url');
}

/** Sealed: it holds the place of the last row, which may be a key that was not granted. */
function cursorOf(secretKey: Uint8Array, { at, given }: PagePlace, of: CursorOf): string {
  return seal(secretKey, JSON.stringify([askedIn(of), given, ...at])).toString('base64url');
}

/** @throws {Problem} Invalid where it is no cursor of this very question */
function placeIn(secretKey: Uint8Array, cursor: string, of: CursorOf): PagePlace {
  try {
    const [asked, given, ...at] = JSON.parse(unseal(secretKey, Buffer.from(cursor, 'base64url'))) as [
      string,
      number,
      ...string[],
    ];
    if (asked === askedIn(of)) return { at, given };
  } catch {
    // Told below.
  }
  throw new Problem('Invalid', { faults: [{ pointer: '/query/cursor', code: 'Malformed' }] });
}
