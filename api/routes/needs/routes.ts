import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { z } from 'zod';
import { dateIn } from '../../../domain/calendar.ts';
import { isDate } from '../../../domain/civil-date.ts';
import type { Fault } from '../../../domain/language.ts';
import { NEED_STEPS } from '../../../domain/needs.ts';
import { findEntry } from '../../../store/catalogue.ts';
import { suggestEntries } from '../../../store/need-suggestions.ts';
import { changeNeed, findNeed, insertNeed, listNeeds, type Need, type NeedNote } from '../../../store/needs.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { tell } from '../../../store/tellings.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { mayAct, type NeedContext, presentNeed, presentNeedDetail } from './present.ts';
import { need, needAction, needDetail, needList, needParams, needQuery, newNeed } from './schema.ts';

const READ = { object: 'need', action: 'read' } as const;
const FILE = { object: 'need', action: 'file' } as const;
const tag = 'needs';

type Call = Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'at'>;

/** What departments lack is for all to see: demand without supply is what the catalogue has to grow by. */
export function needEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  async function contextOf({ actor }: Pick<Call, 'actor'>, needs: readonly Need[]): Promise<NeedContext> {
    const people = needs.flatMap(({ createdBy, history }) => [createdBy, ...history.map(({ person }) => person)]);
    const [names, known] = await Promise.all([namesOfPeople(db, people), departments()]);
    return { actor, policies, names, departments: known };
  }

  async function existing(id: string): Promise<Need> {
    const found = await findNeed(db, id);
    if (!found) throw new Problem('NotFound');
    return found;
  }

  async function shown(id: string, call: Pick<Call, 'actor'>) {
    const found = await existing(id);
    return presentNeed(found, await contextOf(call, [found]));
  }

  /** @throws {Problem} Invalid for an entry or a department that does not exist, or that asks itself */
  async function noteOf(action: Action, about: Need, { actor, at }: Call): Promise<NeedNote> {
    const common = { person: actor.person, department: actor.department, at };
    if (action.action === 'match' && !(await findEntry(db, action.entryId))) throw invalid('/entryId', 'UnknownEntry');
    if (action.action !== 'assign') return { ...withoutUndefined(action), ...common };
    const { department: source, reason } = action;
    if (!(await departments()).some(({ id }) => id === source)) throw invalid('/department', 'NotOffered');
    if (source === about.department) throw invalid('/department', 'OwnData');
    return { action: 'assign', ...common, ...withoutUndefined({ source, reason }) };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/needs',
      tag,
      summary: 'What departments lack: the oldest first, or first what most of them lack',
      access: READ,
      query: needQuery,
      answers: { 200: needList },
      async handle({ query, actor }) {
        const { limit, cursor, sort, ...given } = query;
        const list = `needs:${sort}` as const;
        const page = await listNeeds(db, withoutUndefined(given), {
          order: sort,
          page: pageRequest(list, { limit, cursor }),
        });
        const context = await contextOf({ actor }, page.items);
        return { status: 200, body: presentPage(list, page, (one) => presentNeed(one, context)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/needs',
      tag,
      summary: 'Publish what the caller’s department lacks',
      access: FILE,
      body: newNeed,
      answers: { 201: need },
      async handle(call) {
        const { actor, at, body } = call;
        const faults = faultsOf(body, dateIn(at));
        if (faults.length > 0) throw new Problem('Invalid', { faults });
        const id = randomUUID();
        const fields = withoutUndefined(body);
        const made = await once(db, call, {
          kind: 'need',
          action: 'publish',
          id,
          work: (trx) => insertNeed(trx, { ...fields, id, at, department: actor.department, createdBy: actor.person }),
        });
        return { status: 201, body: await shown(made, call) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/needs/:id',
      tag,
      summary: 'One need, with its history and entries that may meet it',
      access: READ,
      params: needParams,
      answers: { 200: needDetail },
      async handle({ params, actor }) {
        const found = await existing(params.id);
        const isOver = found.status === 'met' || found.status === 'withdrawn';
        const suggestions = isOver ? [] : await suggestEntries(db, found);
        return { status: 200, body: presentNeedDetail(found, suggestions, await contextOf({ actor }, [found])) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/needs/:id/actions',
      tag,
      summary:
        'The authority matches a need with an entry or names the department that is to supply it; who has it confirms or withdraws it',
      access: READ,
      params: needParams,
      body: needAction,
      answers: { 200: need },
      async handle(call) {
        const { params, body, actor } = call;
        const found = await existing(params.id);
        if (!mayAct(found, body.action, { actor, policies })) throw new Problem('NotAllowed');
        const note = await noteOf(body, found, call);
        await once(db, call, {
          kind: 'need',
          action: body.action,
          id: found.id,
          async work(trx) {
            if (!(await changeNeed(trx, found.id, note))) throw new Problem('NeedSettled');
            if (NEED_STEPS[note.action].by === 'authority') await tellOf(trx, found, note);
          },
        });
        return { status: 200, body: await shown(found.id, call) };
      },
    }),
  ];
}

type Action = z.output<typeof needAction>;

function faultsOf({ wantedBy }: { readonly wantedBy?: string | undefined }, today: string): Fault[] {
  if (wantedBy === undefined) return [];
  if (!isDate(wantedBy)) return [{ pointer: '/wantedBy', code: 'DateUnknown' }];
  return wantedBy < today ? [{ pointer: '/wantedBy', code: 'WantedInPast' }] : [];
}

/** Who has the need is told what became of it; the sharing lead of a department that is to supply it, that it is. */
async function tellOf(trx: Knex, { id, number, title, createdBy }: Need, note: NeedNote): Promise<void> {
  const seats = note.source === undefined ? [] : [{ role: 'sharing-lead' as const, department: note.source }];
  await tell(trx, {
    kind: note.action === 'match' ? 'needMatched' : 'needAssigned',
    to: { people: [createdBy], seats, except: [note.person] },
    params: { number, title },
    href: `/api/needs/${id}`,
    at: note.at,
  });
}

function invalid(pointer: string, code: string): Problem {
  return new Problem('Invalid', { faults: [{ pointer, code }] });
}
