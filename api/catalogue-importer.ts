import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { grouped, type Providers, type ReadEntry, readEntry, type Refusal } from '../domain/catalogue-sheet/entries.ts';
import { catalogueRows } from '../sheets/rows.ts';
import { insertDrafts, type NewDraft } from '../store/catalogue-drafts.ts';
import {
  endImport,
  holdNames,
  noteImport,
  type TakenImport,
  takeImport,
  takenNames,
} from '../store/catalogue-imports.ts';
import { listDepartments } from '../store/departments.ts';
import { isDatabaseDown } from '../store/outage.ts';
import { newEntryId } from './catalogue-drafts.ts';

export interface CatalogueImporter {
  /** Brings in the files that wait, one after another, and those that a process has left. */
  round(): Promise<void>;
  /** The same at once, without waiting for its end. */
  wake(): void;
  /** Takes no further file, and waits for the one under way. */
  halt(): Promise<void>;
}

/** Entries after which others are let in and progress is told; drafts that are stored by one statement. */
const STEP = 500;

const UNREADABLE = {
  status: 'failed',
  accepted: 0,
  refused: 0,
  refusals: [{ row: 1, code: 'FileUnreadable' }],
} as const;

type Accepted = Extract<ReadEntry, { draft: unknown }>;

/**
 * Brings catalogue files in, by one rule: an entry comes in whole as a draft, or is refused with every reason; all that
 * come in do so in one transaction, together with the report. A file that cannot be read at all brings nothing in.
 */
export function catalogueImporter({ db, logger }: { readonly db: Knex; readonly logger: Logger }): CatalogueImporter {
  let halted = false;
  let running: Promise<void> | undefined;

  function round(): Promise<void> {
    running ??= all().finally(() => (running = undefined));
    return running;
  }

  async function all(): Promise<void> {
    while (!halted) {
      const taker = randomUUID();
      const file = await takeImport(db, taker);
      if (!file) return;
      try {
        await bringIn(db, file, taker);
      } catch (err) {
        logger.error({ err, import: file.id }, 'a catalogue file could not be brought in');
        // Left as it is, it is taken again in a minute: by then the database may be back.
        if (isDatabaseDown(err)) return;
        await endImport(db, { id: file.id, taker }, UNREADABLE).catch(() => undefined);
      }
    }
  }

  return {
    round,
    wake: () => void round().catch((err: unknown) => logger.warn({ err }, 'a round of imports failed')),
    async halt() {
      halted = true;
      await running?.catch(() => undefined);
    },
  };
}

async function bringIn(db: Knex, file: TakenImport, taker: string): Promise<void> {
  const { id } = file;
  const found = await catalogueRows(file.content);
  if ('refusal' in found) {
    await endImport(db, { id, taker }, { status: 'failed', accepted: 0, refused: 0, refusals: [found.refusal] });
    return;
  }
  const groups = grouped(found.rows);
  const providers = await providersFor(db, file);
  const accepted: Accepted[] = [];
  const refusals: Refusal[] = [];
  let refused = 0;
  for (const [index, group] of groups.entries()) {
    if (index % STEP === 0) await noteImport(db, { id, taker, total: groups.length, done: index });
    const read = readEntry(group, providers);
    if ('draft' in read) {
      accepted.push(read);
      continue;
    }
    refusals.push(...read.refusals);
    refused += 1;
  }
  await noteImport(db, { id, taker, total: groups.length, done: groups.length });
  await db.transaction(async (trx) => {
    await holdNames(trx);
    const taken = await takenNames(
      trx,
      accepted.flatMap(({ draft }) => draft.name ?? []),
    );
    const isTaken = ({ draft }: Accepted): boolean => taken.has(`${draft.provider}\t${draft.name}`);
    const free = accepted.filter((one) => !isTaken(one));
    for (const { row } of accepted.filter(isTaken)) refusals.push({ row, field: 'name', code: 'NameTaken' });
    for (let at = 0; at < free.length; at += STEP) {
      await insertDrafts(
        trx,
        free.slice(at, at + STEP).map((one) => draftRow(one, file)),
      );
    }
    await endImport(
      trx,
      { id, taker },
      {
        status: 'done',
        accepted: free.length,
        refused: refused + accepted.length - free.length,
        refusals: refusals.toSorted((a, b) => a.row - b.row),
      },
    );
  });
}

function draftRow({ draft, suggestions }: Accepted, { department, createdBy }: TakenImport): NewDraft {
  return {
    entryId: newEntryId(),
    provider: draft.provider ?? department,
    origin: 'import',
    body: draft,
    suggestions,
    createdBy,
  };
}

async function providersFor(db: Knex, { department, anyProvider }: TakenImport): Promise<Providers> {
  const departments = await listDepartments(db);
  const ids = new Map(departments.flatMap(({ id, name, nameEn }) => [id, name, nameEn].map((text) => [text, id])));
  return { own: department, any: anyProvider, idOf: (text) => ids.get(text) };
}
