import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../domain/language.ts';
import { MEDIA_TYPES } from '../../../sheets/write.ts';
import {
  type CatalogueImport,
  findImport,
  insertImport,
  listImports,
  refusalsOf,
} from '../../../store/catalogue-imports.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { reachOf, viewerOf } from '../../reach.ts';
import { listOf } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { exportRows, fileReply, reportRows, templateRows } from './files.ts';
import { type ImportContext, presentImport } from './present.ts';
import {
  catalogueImport,
  exportQuery,
  IMPORT_LIMIT,
  importListQuery,
  importParams,
  importQuery,
  templateQuery,
} from './schema.ts';

const READ = { object: 'catalogue-import', action: 'read' } as const;
const FILE = { object: 'catalogue-import', action: 'file' } as const;
const CATALOGUE = { object: 'catalogue', action: 'read' } as const;
const tag = 'catalogue';

/** The catalogue as files: the template, what is published, and files that come in as drafts. */
export function catalogueFileEndpoints({ db, policies, departments, importing }: RouteDeps): Endpoint[] {
  async function found(id: string, actor: Actor): Promise<CatalogueImport> {
    const one = await findImport(db, id, viewerOf(policies, actor, 'catalogue-import'));
    if (!one) throw new Problem('NotFound');
    return one;
  }

  async function shown(id: string, actor: Actor) {
    const one = await found(id, actor);
    return presentImport(one, await contextOf([one]));
  }

  /** @throws {Problem} NotAllowed for another department than one’s own, Invalid for one that there is not */
  async function importedFor(asked: string | undefined, actor: Actor): Promise<string> {
    if (asked === undefined || asked === actor.department) return actor.department;
    if (reachOf(policies, actor, FILE) !== 'any') throw new Problem('NotAllowed');
    if ((await departments()).some(({ id }) => id === asked)) return asked;
    throw new Problem('Invalid', { faults: [{ pointer: '/query/department', code: 'NotOffered' }] });
  }

  async function contextOf(imports: readonly CatalogueImport[]): Promise<ImportContext> {
    const people = imports.map(({ createdBy }) => createdBy);
    const [names, known] = await Promise.all([namesOfPeople(db, people), departments()]);
    return { names, departments: known };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/template',
      tag,
      summary: 'The template for catalogue files, with an example to write over',
      access: CATALOGUE,
      query: templateQuery,
      answers: { 200: MEDIA_TYPES.xlsx },
      async handle({ query }) {
        return fileReply(templateRows(), '政务数据目录模板', query.format);
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/catalogue/export',
      tag,
      summary: 'What is published, in the form of the template',
      access: CATALOGUE,
      query: exportQuery,
      answers: { 200: MEDIA_TYPES.xlsx },
      async handle({ query: { format, provider } }) {
        const names = new Map((await departments()).map(({ id, name }) => [id, name]));
        return fileReply(exportRows(db, { provider, names }), '政务数据目录', format);
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/catalogue/imports',
      tag,
      summary:
        'Send a catalogue file, CSV or XLSX as raw bytes: its entries come in as drafts, each whole or not at all',
      access: FILE,
      query: importQuery,
      raw: true,
      bodyLimit: IMPORT_LIMIT,
      answers: { 201: catalogueImport },
      async handle(call) {
        const { actor, query } = call;
        const content = call.body as unknown as Buffer;
        if (content.length === 0) throw new Problem('Invalid', { faults: [{ pointer: '', code: 'Required' }] });
        const department = await importedFor(query.department, actor);
        const newId = randomUUID();
        const id = await once(db, call, {
          kind: 'catalogue-import',
          action: 'import',
          id: newId,
          work: (trx) =>
            insertImport(trx, {
              id: newId,
              content,
              name: query.name,
              department,
              anyProvider: reachOf(policies, actor, FILE) === 'any',
              createdBy: actor.person,
            }),
        });
        importing.wake();
        return { status: 201, body: await shown(id, actor), headers: { Location: `/api/catalogue/imports/${id}` } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/catalogue/imports',
      tag,
      summary: 'Imports of the own department, newest first; for the authority those of every department',
      access: READ,
      query: importListQuery,
      answers: { 200: listOf(catalogueImport) },
      async handle({ actor, query }) {
        const page = await listImports(
          db,
          viewerOf(policies, actor, 'catalogue-import'),
          pageRequest('imports', query),
        );
        const context = await contextOf(page.items);
        return { status: 200, body: presentPage('imports', page, (one) => presentImport(one, context)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/catalogue/imports/:id',
      tag,
      summary: 'How far an import has come, and how many entries came in',
      access: READ,
      params: importParams,
      answers: { 200: catalogueImport },
      async handle({ params, actor }) {
        return { status: 200, body: await shown(params.id, actor) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/catalogue/imports/:id/report',
      tag,
      summary: 'Every reason for which entries of a file were refused, by row and column, as CSV',
      access: READ,
      params: importParams,
      answers: { 200: MEDIA_TYPES.csv },
      async handle({ params, actor }) {
        const { id, name } = await found(params.id, actor);
        return fileReply(reportRows(await refusalsOf(db, id)), `${name} 导入报告`, 'csv');
      },
    }),
  ];
}
