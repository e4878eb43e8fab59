import { randomBytes, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { checkDraft } from '../domain/catalogue-check.ts';
import { type EntryDraft, followItems } from '../domain/catalogue-draft.ts';
import type { Entry } from '../domain/catalogue.ts';
import type { Actor, Fault } from '../domain/language.ts';
import { mergePatch, withValueAt } from '../domain/merge-patch.ts';
import { findEntry, knownEntries } from '../store/catalogue.ts';
import { sourcesOf } from '../store/data-sources.ts';
import { listDepartments } from '../store/departments.ts';
import {
  changeEntryDraft,
  type DraftRow,
  dropEntryDraft,
  insertEntryDraft,
  lockEntryDraft,
} from '../store/catalogue-drafts.ts';
import type { CallerCall } from './endpoint.ts';
import type { MountCheck, Mounts } from './mounts.ts';
import { once } from './once.ts';
import { Problem } from './problem.ts';
import { type Policies, viewerOf } from './reach.ts';
import { draftContent } from './routes/catalogue-drafts/schema.ts';
import { validate } from './validate.ts';

/** The id of an entry that comes to be: given with its first draft, never changed. */
export function newEntryId(): string {
  return `e-${randomBytes(8).toString('hex')}`;
}

/** A draft may be changed while it is open, and while its case waits for the one who filed it to complete it. */
export function isChangeable({ status, caseStatus }: DraftRow): boolean {
  return (
    status === 'open' || (status === 'filed' && (caseStatus === 'awaiting-supplement' || caseStatus === 'returned'))
  );
}

/**
 * Everything that filing a draft would be refused for now, with what came of holding it against what it is mounted on.
 * `isFresh`: as for filing itself.
 */
export async function checkEntryDraft(
  { db, mounts }: { readonly db: Knex; readonly mounts: Mounts },
  { body, provider }: Pick<DraftRow, 'body' | 'provider'>,
  how: { readonly isFresh: boolean },
): Promise<{ readonly faults: readonly Fault[]; readonly mount: MountCheck }> {
  const [departments, entries, sources, mount] = await Promise.all([
    listDepartments(db),
    knownEntries(db, body.related ?? []),
    sourcesOf(db, provider),
    mounts.check({ body, provider }, how),
  ]);
  const known = {
    departments: departments.map(({ id }) => id),
    entries,
    sources: sources.map(({ id }) => id),
  };
  return { faults: [...checkDraft(body, known), ...mount.faults], mount };
}

/** Begins a draft: from nothing, from what is sent, or from the published version of an entry of the own department. */
export async function beginDraft(
  db: Knex,
  call: CallerCall<undefined, undefined, { entryId?: string | undefined; body?: unknown }>,
): Promise<string> {
  const { actor, body: given } = call;
  const { entryId } = given;
  const entry = entryId === undefined ? undefined : await changeableEntry(db, entryId, actor);
  const stated = { ...(entry ? contentOf(entry) : {}), ...(given.body as EntryDraft | undefined) };
  const body = { ...stated, provider: actor.department } as EntryDraft;
  const id = randomUUID();
  return once(db, call, {
    kind: 'catalogue-draft',
    action: 'begin',
    id,
    async work(trx) {
      const isFirst = await insertEntryDraft(trx, {
        id,
        entryId: entry?.id ?? newEntryId(),
        basedOn: entry?.version ?? null,
        provider: actor.department,
        origin: entry ? 'entry' : 'hand',
        body,
        createdBy: actor.person,
      });
      if (!isFirst) throw new Problem('DraftOpen');
    },
  });
}

async function changeableEntry(db: Knex, entryId: string, actor: Actor): Promise<Entry> {
  const entry = await findEntry(db, entryId);
  if (!entry) throw new Problem('Invalid', { faults: [{ pointer: '/entryId', code: 'UnknownEntry' }] });
  if (entry.provider !== actor.department) throw new Problem('NotAllowed');
  if (entry.status === 'withdrawn') throw new Problem('EntryWithdrawn');
  return entry;
}

/** What a department stated of an entry, without what the platform gave it. */
function contentOf(entry: Entry): EntryDraft {
  const { id: _, version: __, code, codes, publishedAt, status, statusReason, ...content } = entry;
  return content;
}

type DraftCall = Pick<CallerCall<{ readonly id: string }, unknown, unknown>, 'params' | 'headers' | 'actor'>;

/**
 * A draft that the caller may change, held until the transaction ends.
 * @throws {Problem} NotFound, NotAllowed, DraftFiled, DraftPublished, PreconditionRequired, PreconditionFailed
 */
async function held(
  trx: Knex.Transaction,
  policies: Policies,
  { params, headers, actor }: DraftCall,
): Promise<DraftRow> {
  const draft = await lockEntryDraft(trx, params.id);
  const viewer = viewerOf(policies, actor, 'catalogue-draft');
  if (!draft || draft.status === 'dropped') throw new Problem('NotFound');
  if (!viewer.all && viewer.department !== draft.provider) throw new Problem('NotFound');
  if (!policies.may(actor, 'edit', 'catalogue-draft', draft.provider)) throw new Problem('NotAllowed');
  if (draft.status === 'published') throw new Problem('DraftPublished');
  if (!isChangeable(draft)) throw new Problem('DraftFiled');
  const match = headers['if-match'];
  if (match === undefined) throw new Problem('PreconditionRequired');
  const isHeld = match === '*' || match.split(',').some((one) => one.trim() === `"${draft.revision}"`);
  if (!isHeld) throw new Problem('PreconditionFailed');
  return draft;
}

interface Deps {
  readonly db: Knex;
  readonly policies: Policies;
}

/** Merges a patch into the body. What comes of it must have the shape of a draft; what is wrong with it is told, not refused. */
export async function patchDraft({ db, policies }: Deps, call: DraftCall & { readonly body: unknown }): Promise<void> {
  await db.transaction(async (trx) => {
    const draft = await held(trx, policies, call);
    const body = shaped(draft, (content) => mergePatch(content, call.body));
    const suggestions = followItems(draft.suggestions, draft.body.items ?? [], body.items ?? []);
    await changeEntryDraft(trx, draft.id, { body, suggestions });
  });
}

/** Puts the values of the suggestions that are accepted where they lead, and takes those and the refused off the list. */
export async function answerSuggestions(
  { db, policies }: Deps,
  call: CallerCall<
    { readonly id: string },
    undefined,
    { readonly accept: readonly number[]; readonly refuse: readonly number[] }
  >,
): Promise<void> {
  const { accept, refuse: refused } = call.body;
  await once(db, call, {
    kind: 'catalogue-draft',
    action: 'accept',
    id: call.params.id,
    async work(trx) {
      const draft = await held(trx, policies, call);
      const { suggestions } = draft;
      const unknown = Object.entries({ accept, refuse: refused }).flatMap(([answer, places]) =>
        places.flatMap((nth, index): Fault[] =>
          suggestions[nth] ? [] : [{ pointer: `/${answer}/${index}`, code: 'SuggestionUnknown' }],
        ),
      );
      if (unknown.length > 0) throw new Problem('Invalid', { faults: unknown });
      const body = shaped(draft, (content) =>
        accept.reduce<unknown>((now, nth) => {
          const { pointer = '', value } = suggestions[nth] ?? {};
          return withValueAt(now, pointer, value) ?? refuse(accept.indexOf(nth));
        }, content),
      );
      const left = suggestions.filter((_, index) => !accept.includes(index) && !refused.includes(index));
      await changeEntryDraft(trx, draft.id, { body, suggestions: left });
    },
  });
}

/** The draft has changed since, so that the place of a suggestion is no longer there. */
function refuse(index: number): never {
  throw new Problem('Invalid', { faults: [{ pointer: `/accept/${index}`, code: 'SuggestionOutdated' }] });
}

export async function dropDraft({ db, policies }: Deps, call: DraftCall): Promise<void> {
  await db.transaction(async (trx) => {
    const draft = await held(trx, policies, call);
    if (draft.status !== 'open') throw new Problem('DraftFiled');
    await dropEntryDraft(trx, draft.id);
  });
}

/** The body after a change of what its department may state. @throws {Problem} Invalid with every fault of its shape */
function shaped({ body, provider }: DraftRow, change: (content: unknown) => unknown): EntryDraft {
  const { provider: _, ...content } = body;
  return { ...(validate(draftContent, change(content)) as EntryDraft), provider };
}
