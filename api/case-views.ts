import { dateIn } from '../domain/calendar.ts';
import { partiesOf } from '../domain/case.ts';
import { absentFor } from '../store/absences.ts';
import { type CaseRow, findCase } from '../store/cases.ts';
import { findEntry } from '../store/catalogue.ts';
import { latestDelivery } from '../store/deliveries.ts';
import { findForm } from '../store/forms.ts';
import { namesOfPeople, peopleAround } from '../store/people.ts';
import type { Caller, CallerCall } from './endpoint.ts';
import { Problem } from './problem.ts';
import { viewerOf } from './reach.ts';
import { type CaseContext, peopleIn, presentCase, presentCaseDetail } from './routes/cases/present.ts';
import type { RouteDeps } from './routes/deps.ts';

type Deps = Pick<RouteDeps, 'db' | 'policies' | 'departments'>;
type Asked = Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'at' | 'locale'> & { readonly caller: Caller };

/** A case that the caller may see. @throws {Problem} NotFound, whether there is none or it is none of theirs */
export async function visibleCase(
  { db, policies }: Deps,
  id: string,
  { actor }: Pick<Asked, 'actor'>,
): Promise<CaseRow> {
  const row = await findCase(db, id, viewerOf(policies, actor, 'case'));
  if (!row) throw new Problem('NotFound');
  return row;
}

/** What is needed to show cases to the caller. */
export async function caseContext(
  { db, policies, departments }: Deps,
  rows: readonly CaseRow[],
  { actor, at, locale }: Asked,
): Promise<CaseContext> {
  // The authority may hand on what any department holds; nobody else looks beyond their own.
  const reach = actor.roles.includes('authority') ? rows.flatMap(({ state }) => partiesOf(state)) : [];
  const [known, standsInFor, people] = await Promise.all([
    departments(),
    absentFor(db, actor.person, dateIn(at)),
    peopleAround(db, { ids: rows.flatMap(peopleIn), departments: [actor.department, ...reach] }),
  ]);
  const { colleagues } = people;
  const absent = await namesOfPeople(
    db,
    standsInFor.map(({ person }) => person),
  );
  const names = new Map([...people.names, ...absent]);
  return { actor, at, locale, policies, departments: known, names, colleagues, standsInFor };
}

export async function caseSummaryFor(deps: Deps, row: CaseRow, asked: Asked) {
  return presentCase(row, await caseContext(deps, [row], asked));
}

export async function caseDetailFor(deps: Deps, row: CaseRow, asked: Asked) {
  const grantId = row.state.grants[0]?.id;
  const [form, entry, context, latest] = await Promise.all([
    findForm(deps.db, row.formId, row.formVersion),
    row.entryId === null || row.entryVersion === null ? undefined : findEntry(deps.db, row.entryId, row.entryVersion),
    caseContext(deps, [row], asked),
    grantId === undefined || row.endedAt ? undefined : latestDelivery(deps.db, grantId),
  ]);
  if (!form) throw new Error(`Case ${row.id} has no form`);
  return presentCaseDetail(row, { form, entry, latest }, context);
}
