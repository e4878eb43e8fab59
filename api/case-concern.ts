import type { Knex } from 'knex';
import type { About, Capacity } from '../domain/case.ts';
import type { Actor, Fault } from '../domain/language.ts';
import type { Process } from '../domain/process.ts';
import { findEntry } from '../store/catalogue.ts';
import { findEntryDraft, lockEntryDraft, markDraftFiled } from '../store/catalogue-drafts.ts';
import { findGrant, type GrantRow } from '../store/grants.ts';
import { Problem } from './problem.ts';
import type { KeptForm } from './process-form.ts';
import type { FrozenDraft } from './publication-form.ts';
import { type Policies, viewerOf } from './reach.ts';
import type { CaseFiling } from './routes/processes/schema.ts';

/** What a case that is to be filed is about, and what follows from it. */
interface CaseConcern {
  readonly about: About;
  /** In what capacity the caller files, and which department answers. */
  readonly capacity: Capacity;
  readonly answers: string;
  /** Ids that the form's `items` may name. */
  readonly items: readonly string[];
  /** Fields that follow from it. */
  readonly form: Readonly<Record<string, string>>;
  readonly publication?: { readonly entryId: string };
  /** What is kept together with the command that files it. */
  also?(trx: Knex.Transaction, filed: { readonly caseId: string; readonly content: KeptForm }): Promise<void>;
}

interface Deps {
  readonly db: Knex;
  readonly policies: Policies;
}

interface Asked {
  readonly about: CaseFiling['about'];
  readonly actor: Actor;
}

/** @throws {Problem} Invalid, NotFound, or NotAllowed where the process is not theirs to file */
export async function concernOf(deps: Deps, process: Process, { about, actor }: Asked): Promise<CaseConcern> {
  if (process.about === 'entry') return entryConcern(deps, process, { about, actor });
  if (!('grantId' in about)) throw invalid({ pointer: '/about/grantId', code: 'Required' });
  const grant = await findGrant(deps.db, about.grantId, viewerOf(deps.policies, actor, 'grant'));
  if (!grant) throw new Problem('NotFound');
  const side = sideOf(process, grant.body, actor);
  requireTime(process, grant);
  return { about: { grantId: grant.id, caseId: grant.caseId }, items: grant.body.items, form: {}, ...side };
}

async function entryConcern({ db, policies }: Deps, process: Process, { about, actor }: Asked): Promise<CaseConcern> {
  if ('draftId' in about) {
    const viewer = viewerOf(policies, actor, 'catalogue-draft');
    const draft = UUID.test(about.draftId) ? await findEntryDraft(db, about.draftId) : undefined;
    if (!draft || (!viewer.all && viewer.department !== draft.provider)) throw new Problem('NotFound');
    const side = sideOf(process, { requester: draft.provider, provider: draft.provider }, actor);
    if (draft.status === 'filed') throw new Problem('DraftFiled');
    if (draft.status === 'published') throw new Problem('DraftPublished');
    if (draft.status === 'dropped') throw new Problem('NotFound');
    const { entryId } = draft;
    return {
      about: { entryId },
      items: [],
      form: { draft: draft.id },
      publication: { entryId },
      ...side,
      also: fileDraft,
    };
  }
  if (!('entryId' in about)) throw invalid({ pointer: '/about/draftId', code: 'Required' });
  const entry = await findEntry(db, about.entryId);
  if (!entry) throw new Problem('NotFound');
  const side = sideOf(process, { requester: entry.provider, provider: entry.provider }, actor);
  return { about: { entryId: entry.id }, items: [], form: {}, publication: { entryId: entry.id }, ...side };
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** What was checked and frozen is what is filed: a draft that moved on meanwhile is not. */
const fileDraft: NonNullable<CaseConcern['also']> = async (trx, { caseId, content }) => {
  const { id, revision } = content['draft'] as FrozenDraft;
  const draft = await lockEntryDraft(trx, id);
  if (draft?.status !== 'open') throw new Problem('DraftFiled');
  if (draft.revision !== revision) throw new Problem('PreconditionFailed');
  await markDraftFiled(trx, id, caseId);
};

/**
 * On which side the caller stands, and who has to answer: the other side, and the requester where the authority files.
 * @throws {Problem} NotAllowed where the process is not theirs to file
 */
function sideOf(
  process: Process,
  sides: Pick<GrantRow['body'], 'requester' | 'provider'>,
  actor: Actor,
): Pick<CaseConcern, 'capacity' | 'answers'> {
  for (const { side, role } of process.filedBy) {
    const isSide = side === 'authority' || actor.department === sides[side];
    if (!isSide || !actor.roles.includes(role)) continue;
    const answers = side === 'requester' ? sides.provider : sides.requester;
    return { capacity: { role, department: actor.department }, answers };
  }
  throw new Problem('NotAllowed');
}

function requireTime({ when }: Process, { status }: GrantRow): void {
  const isOver = status === 'terminated' || status === 'expired';
  if (when === 'running' && isOver) throw new Problem('GrantOver');
  if (when === 'over' && !isOver) throw new Problem('GrantNotOver');
}

function invalid(fault: Fault): Problem {
  return new Problem('Invalid', { faults: [fault] });
}
