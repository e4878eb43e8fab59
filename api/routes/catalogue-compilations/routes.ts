import type { Actor } from '../../../domain/language.ts';
import { findCompilation } from '../../../store/catalogue-compilations.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { messageOf } from '../../fault-messages.ts';
import { type Locale, Problem } from '../../problem.ts';
import { timeOf } from '../../time.ts';
import { presentPerson } from '../cases/present.ts';
import type { RouteDeps } from '../deps.ts';
import { compile } from './compile.ts';
import { compilation, compilationParams, newCompilation } from './schema.ts';

const READ = { object: 'data-source', action: 'read' } as const;
const COMPILE = { object: 'data-source', action: 'compile' } as const;
const tag = 'catalogue';

/** 目录梳理: drafts of entries from what a department's databases hold. */
export function compilationEndpoints(deps: RouteDeps): Endpoint[] {
  const { db } = deps;

  async function shown(id: string, { actor, locale }: { readonly actor: Actor; readonly locale: Locale }) {
    const found = await findCompilation(db, id);
    if (found?.department !== actor.department) throw new Problem('NotFound');
    const { sourceId, made, createdBy, createdAt } = found;
    const names = await namesOfPeople(db, [createdBy]);
    return {
      id,
      sourceId,
      made,
      skipped: found.skipped.map(({ params = {}, ...one }) => ({
        ...one,
        message: messageOf({ pointer: '', code: one.code, params }, locale),
      })),
      createdBy: presentPerson(createdBy, names),
      createdAt: timeOf(createdAt),
      actions: [],
    };
  }

  return [
    endpoint({
      method: 'post',
      path: '/api/catalogue/compilations',
      tag,
      summary: 'Make a draft entry of every table of a data source that no entry is mounted on yet, with suggestions',
      access: COMPILE,
      body: newCompilation,
      answers: { 201: compilation },
      async handle(call) {
        const id = await compile(deps, call);
        return { status: 201, body: await shown(id, call), headers: { Location: `/api/catalogue/compilations/${id}` } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/catalogue/compilations/:id',
      tag,
      summary: 'What a compilation has made, and what it has passed over and why',
      access: READ,
      params: compilationParams,
      answers: { 200: compilation },
      async handle(call) {
        return { status: 200, body: await shown(call.params.id, call) };
      },
    }),
  ];
}
