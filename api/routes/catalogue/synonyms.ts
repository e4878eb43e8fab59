import { z } from 'zod';
import type { Fault } from '../../../domain/language.ts';
import { normalised, wordsOf } from '../../../domain/search-words.ts';
import {
  areSynonyms,
  deleteSynonyms,
  findSynonyms,
  insertSynonyms,
  listSynonyms,
  nextSynonymId,
  type SynonymGroup,
} from '../../../store/catalogue-synonyms.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { listOf, paging, personRef, text, time } from '../../schema.ts';
import { timeOf } from '../../time.ts';
import { presentPerson } from '../cases/present.ts';
import type { RouteDeps } from '../deps.ts';

const READ = { object: 'synonym', action: 'read' } as const;
const MANAGE = { object: 'synonym', action: 'manage' } as const;
const tag = 'catalogue';

const params = z.object({ id: z.coerce.number().int().min(1).max(2_147_483_647) });

const query = z.object({
  ...paging,
  word: text(1, 60).optional().meta({ description: 'Only groups that have this word.' }),
});

const newGroup = z
  .strictObject({ words: z.array(text(1, 60)).min(2).max(30) })
  .meta({ id: 'NewSynonyms', description: 'Words that mean the same, each without spaces: 低保, 最低生活保障.' });

const group = z
  .object({
    id: z.number().int(),
    words: z.array(z.string()),
    createdBy: personRef.nullable().meta({ description: 'null: it comes with the product.' }),
    createdAt: time,
    actions: z.array(z.object({ action: z.literal('delete') })),
  })
  .meta({ id: 'Synonyms' });

/** Words that find what others find. They hold for every search from the moment they are added, or are there no longer. */
export function synonymEndpoints({ db, policies }: RouteDeps): Endpoint[] {
  async function presenter(groups: readonly SynonymGroup[], mayManage: boolean) {
    const names = await namesOfPeople(
      db,
      groups.flatMap(({ createdBy }) => createdBy ?? []),
    );
    return ({ id, words, createdBy, createdAt }: SynonymGroup) => ({
      id,
      words: [...words],
      createdBy: createdBy === null ? null : presentPerson(createdBy, names),
      createdAt: timeOf(createdAt),
      actions: mayManage ? [{ action: 'delete' as const }] : [],
    });
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/synonyms',
      tag,
      summary: 'The groups of words that mean the same in searches',
      access: READ,
      query,
      answers: { 200: listOf(group) },
      async handle({ actor, query: { word, ...asked } }) {
        const wanted = word === undefined ? undefined : normalised(word);
        const page = await listSynonyms(db, wanted, pageRequest('synonyms', asked));
        const mayManage = policies.may(actor, 'manage', 'synonym', actor.department);
        return { status: 200, body: presentPage('synonyms', page, await presenter(page.items, mayManage)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/catalogue/synonyms',
      tag,
      summary: 'Add a group of words that mean the same',
      access: MANAGE,
      body: newGroup,
      answers: { 201: group },
      async handle(call) {
        const { actor, body } = call;
        const words = body.words.map(normalised);
        const faults = faultsOf(words);
        if (faults.length > 0) throw new Problem('Invalid', { faults });
        const id = await nextSynonymId(db);
        const made = await once(db, call, {
          kind: 'synonym',
          id: String(id),
          action: 'add',
          async work(trx) {
            if (await areSynonyms(trx, words))
              throw new Problem('Invalid', { faults: [{ pointer: '/words', code: 'SynonymsKnown' }] });
            await insertSynonyms(trx, { id, words, by: actor.person });
          },
        });
        const found = await findSynonyms(db, Number(made));
        // Repeated after it was removed.
        if (!found) throw new Problem('NotFound');
        const present = await presenter([found], true);
        return { status: 201, body: present(found), headers: { Location: `/api/catalogue/synonyms/${made}` } };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/catalogue/synonyms/:id',
      tag,
      summary: 'Remove a group: its words find only themselves again',
      access: MANAGE,
      params,
      answers: { 204: undefined },
      async handle({ params: { id } }) {
        if (!(await deleteSynonyms(db, id))) throw new Problem('NotFound');
        return { status: 204 };
      },
    }),
  ];
}

/** What is typed is parted at spaces and commas: a word that has one would never be found. */
function faultsOf(words: readonly string[]): Fault[] {
  return words.flatMap((word, index): Fault[] => {
    const pointer = `/words/${index}`;
    if (wordsOf(word).join() !== word) return [{ pointer, code: 'NotOneWord' }];
    return words.indexOf(word) < index ? [{ pointer, code: 'Duplicate' }] : [];
  });
}
