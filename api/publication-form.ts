import type { Knex } from 'knex';
import type { EntryDraft } from '../domain/catalogue-draft.ts';
import type { Entry } from '../domain/catalogue.ts';
import type { Fault } from '../domain/language.ts';
import { findEntry } from '../store/catalogue.ts';
import { type DraftRow, findEntryDraft } from '../store/catalogue-drafts.ts';
import { checkEntryDraft, isChangeable } from './catalogue-drafts.ts';
import type { Mounts } from './mounts.ts';

/** A draft as it was when it was filed: what signatures rest on. */
export interface FrozenDraft {
  readonly id: string;
  readonly revision: number;
  readonly entryId: string;
  readonly basedOn: number | null;
  readonly body: EntryDraft;
}

interface Concern {
  readonly entryId: string;
  readonly department: string;
  /** The draft as it was filed, where a form that is handed in again leaves it alone. */
  readonly kept?: FrozenDraft;
}

interface Deps {
  readonly db: Knex;
  readonly mounts: Mounts;
}

type Content = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * What a form of a publication is refused for beyond its fields: all faults of its draft, what does not fit the entry as
 * it stands, and an assessment that is missing (R809 Art.13). Its draft is frozen in what is kept of it.
 */
export async function checkPublication(
  { db, mounts }: Deps,
  content: Content,
  { entryId, department, kept }: Concern,
): Promise<{ readonly content: Content; readonly faults: readonly Fault[] }> {
  const entry = await findEntry(db, entryId);
  const faults: Fault[] = [];
  if (!fits(content['kind'], entry)) faults.push({ pointer: '/form/kind', code: 'KindUnfit' });
  const { draft: asked, ...rest } = content;
  if (asked === undefined) return { content, faults };
  const row = kept ? undefined : await draftNamed(db, asked);
  if (row && isOf(row, { entryId, department })) faults.push(...(await faultsInForm({ db, mounts }, row)));
  else if (!kept) return { content: rest, faults: [...faults, { pointer: '/form/draft', code: 'DraftUnknown' }] };
  const draft = kept ?? frozen(row);
  if (draft === undefined) return { content: rest, faults };
  if (draft.basedOn !== (entry?.version ?? null)) faults.push({ pointer: '/form/draft', code: 'DraftOutdated' });
  const isPersonal = draft.body.items?.some(({ personal }) => personal) ?? false;
  const { personalInformation } = rest;
  const isAssessed = Array.isArray(personalInformation) && personalInformation.length > 0;
  if (isPersonal && !isAssessed) faults.push({ pointer: '/form/personalInformation', code: 'AssessmentMissing' });
  return { content: { ...rest, draft }, faults };
}

async function draftNamed(db: Knex, id: unknown): Promise<DraftRow | undefined> {
  return typeof id === 'string' && UUID.test(id) ? findEntryDraft(db, id) : undefined;
}

function isOf(row: DraftRow, { entryId, department }: Omit<Concern, 'kept'>): boolean {
  return row.entryId === entryId && row.provider === department && isChangeable(row);
}

async function faultsInForm(deps: Deps, row: DraftRow): Promise<Fault[]> {
  const { faults } = await checkEntryDraft(deps, row, { isFresh: true });
  return faults.map((fault) => ({ ...fault, pointer: `/form/draft${fault.pointer}` }));
}

function frozen(row: DraftRow | undefined): FrozenDraft | undefined {
  if (!row) return undefined;
  const { id, revision, entryId, basedOn, body } = row;
  return { id, revision, entryId, basedOn, body };
}

/** Whether what is asked for can be done with the entry as it stands. */
function fits(kind: unknown, entry: Entry | undefined): boolean {
  switch (kind) {
    case 'publish':
      return entry === undefined;
    case 'suspend':
      return entry !== undefined && entry.status === undefined;
    case 'resume':
      return entry?.status === 'suspended';
    case 'change':
    case 'withdraw':
      return entry !== undefined && entry.status !== 'withdrawn';
    // The field itself is refused for it.
    default:
      return true;
  }
}
