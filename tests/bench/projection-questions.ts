import type { Knex } from 'knex';
import type { Actor, Role } from '../../domain/language.ts';
import { type CaseFilter, findCasesById, listCases, type Viewer } from '../../store/cases.ts';
import type { Place } from '../../store/keyset.ts';
import { caseStatistics, handlingStatistics } from '../../store/statistics.ts';
import { BOXES, countTasks, listTasks, type Owner } from '../../store/tasks.ts';

/** One thing that the API asks of the projection. */
export interface Question {
  readonly what: string;
  readonly who: string;
  /** Sums over all there is: no goal, and it may read from end to end. */
  readonly readsAll?: boolean;
  ask(): Promise<unknown>;
}

const LIMIT = 50;

/** What a person of a large, a middling and a small department, and the authority, see every day. */
export async function questionsOf(knex: Knex): Promise<readonly Question[]> {
  const large = await departmentAt(knex, 0);
  const middling = await departmentAt(knex, 0.5);
  const small = await departmentAt(knex, 1);
  const one = (department: string, name: string, role: Role): Actor => ({
    person: `${department}.${name}`,
    department,
    roles: [role],
  });
  const [lead, reviewer] = [one(large, 'lead', 'sharing-lead'), one(large, 'reviewer', 'reviewer')];
  const people: Readonly<Record<string, Actor>> = {
    'lead, large': lead,
    'reviewer, large': reviewer,
    'reviewer, middling': one(middling, 'reviewer', 'reviewer'),
    'lead, small': one(small, 'lead', 'sharing-lead'),
    authority: one('data-bureau', 'authority', 'authority'),
  };
  const viewers: Readonly<Record<string, Viewer>> = {
    large: { all: false, department: large },
    middling: { all: false, department: middling },
    small: { all: false, department: small },
    authority: { all: true },
  };
  const away = { ...lead, from: '2026-01-01', until: '2026-12-31' };
  const inboxes = [
    ...Object.entries(people).map(([who, actor]) => inboxOf(knex, who, { actor, standsInFor: [] })),
    inboxOf(knex, 'reviewer, large, standing in', { actor: reviewer, standsInFor: [away] }),
  ];
  const lists = Object.entries(viewers).map(([who, viewer]) => listsOf(knex, { who, viewer, department: large }));
  const sums = Object.entries(viewers).flatMap(([who, viewer]): Question[] => {
    const own = viewer.all ? {} : { department: viewer.department };
    const span = { ...own, from: '2026-06-01', to: '2026-06-30' };
    return [
      { what: 'statistics of a month', who, readsAll: true, ask: () => handlingStatistics(knex, span) },
      { what: 'statistics of everything', who, readsAll: true, ask: () => handlingStatistics(knex, own) },
      { what: 'case figures of a month', who, readsAll: true, ask: () => caseStatistics(knex, span) },
    ];
  });
  return [...(await Promise.all([...inboxes, ...lists])).flat(), ...sums];
}

/** The department that so many have more open tasks than, as a share of all. */
async function departmentAt(knex: Knex, share: number): Promise<string> {
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `select department_id as id from tasks where status = 'open' and department_id <> 'data-bureau'
      group by 1 order by count(*) desc, 1`,
  );
  const found = rows[Math.round((rows.length - 1) * share)];
  if (!found) throw new Error('No department has a task');
  return found.id;
}

async function inboxOf(knex: Knex, who: string, owner: Owner): Promise<Question[]> {
  const questions: Question[] = [{ what: 'counters', who, ask: () => countTasks(knex, owner) }];
  for (const box of BOXES) {
    const page = (after?: Place) =>
      listTasks(knex, { box, owner, page: { limit: LIMIT, ...(after ? { after } : {}) } });
    const first = await page();
    const ids = first.items.map(({ caseId }) => caseId);
    questions.push({ what: `inbox: ${box}`, who, ask: () => page() });
    questions.push({ what: 'inbox: its cases', who, ask: () => findCasesById(knex, ids) });
    const later = await laterPlace(first.next, async (after) => (await page(after)).next);
    if (later) questions.push({ what: `inbox: ${box}, later page`, who, ask: () => page(later) });
  }
  return questions;
}

async function listsOf(
  knex: Knex,
  { who, viewer, department }: { readonly who: string; readonly viewer: Viewer; readonly department: string },
): Promise<Question[]> {
  const filters: Readonly<Record<string, CaseFilter>> = {
    all: {},
    'by status': { status: 'in-approval' },
    'by a rare status': { status: 'withdrawn' },
    'by requester': { requester: department },
    'by provider': { provider: department },
    'by applicant': { applicant: `${department}.requester` },
    'by kind': { kind: 'share-request' },
    'by number': { q: 'B-1234' },
    'by title': { q: '人口' },
    'by what is not there': { q: '没有这样的' },
  };
  const questions: Question[] = [];
  for (const [name, filter] of Object.entries(filters)) {
    const what = `cases: ${name}`;
    const page = (after?: Place) =>
      listCases(knex, { viewer, filter, page: { limit: LIMIT, ...(after ? { after } : {}) } });
    questions.push({ what, who, ask: () => page() });
    const later = await laterPlace((await page()).next, async (after) => (await page(after)).next);
    if (later) questions.push({ what: `${what}, later page`, who, ask: () => page(later) });
  }
  return questions;
}

/** Where the tenth page begins, or the last one before. */
async function laterPlace(
  second: Place | undefined,
  next: (after: Place) => Promise<Place | undefined>,
): Promise<Place | undefined> {
  let place = second;
  for (let n = 0; n < 8 && place; n += 1) {
    const further = await next(place);
    if (!further) break;
    place = further;
  }
  return place;
}
