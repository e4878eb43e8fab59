import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { CaseAction, CaseEvent, CaseState, Command } from '../../domain/case.ts';
import { taskIdOf } from '../../domain/case.ts';
import { EMPTY, type Journal, step } from '../../domain/journal.ts';
import { caseMachine } from '../../domain/kernel/case-machine.ts';
import type { Actor } from '../../domain/language.ts';
import { newSecret } from '../../notices/signature.ts';
import { firstCalendar } from '../../seed/calendar.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { accounts, departments } from '../../seed/departments.ts';
import { record } from '../../store/record.ts';
import { seal } from '../../store/sealed.ts';
import * as seeding from '../../store/seeding.ts';
import { insertWebhook } from '../../store/webhooks.ts';
import { filing, form, formRef, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER, storeForm } from './cases.ts';

/** Departments, people and one entry: what recording a case and telling of it needs of a database. */
export async function seedPeople(knex: Knex, insertEntry = seeding.insertEntry): Promise<void> {
  await seeding.insertDepartments(knex, departments);
  for (const { account, name, department, roles } of accounts) {
    await seeding.insertPerson(knex, { id: account, name, department, roles, passwordHash: '-' });
  }
  const entry = catalogue.find(({ id }) => id === 'persons');
  if (!entry) throw new Error('No entry of persons');
  await insertEntry(knex, entry);
  await seeding.insertCalendar(knex, await firstCalendar('data'), 'test');
}

/** A case of civil affairs that is recorded as a workflow would, without one. */
export interface ToldCase {
  readonly id: string;
  act(actor: Actor, action: CaseAction): Promise<readonly CaseEvent[]>;
  approve(actor: Actor, stage: string): Promise<readonly CaseEvent[]>;
  /** All three approvals: it is granted, with a first delivery asked for. */
  grant(): Promise<void>;
  events(): readonly CaseEvent[];
}

export async function fileCase(knex: Knex, id: string = randomUUID()): Promise<ToldCase> {
  const body = form();
  const ref = formRef(body);
  await storeForm(knex, id, ref, body);
  const all: CaseEvent[] = [];
  let journal: Journal<CaseState> = EMPTY;
  let commands = 0;

  async function send(command: Command): Promise<readonly CaseEvent[]> {
    const taken = step(caseMachine, journal, command);
    if ('refusal' in taken) throw new Error(taken.refusal.code);
    journal = taken.journal;
    await record(knex, { kind: 'share-request', streamId: id, entries: taken.entries });
    const fresh = taken.entries.map(({ event }) => event);
    all.push(...fresh);
    return fresh;
  }

  /** Each a minute after the one before, so that nothing happens at the same moment by chance. */
  const at = (): string => `2026-11-25T10:${String((commands += 1)).padStart(2, '0')}:00+08:00`;
  const self: ToldCase = {
    id,
    events: () => all,
    act: (actor, action) => send({ id: `${id}:${commands}`, at: at(), actor, do: action }),
    approve: (actor, stage) =>
      self.act(actor, { action: 'approve', taskId: taskIdOf(id, stage, 1), seen: journal.state?.form.digest ?? '' }),
    async grant() {
      await self.approve(REQUESTER_LEAD, 'requester-lead');
      await self.approve(REVIEWER, 'provider-reviewer');
      await self.approve(PROVIDER_LEAD, 'provider-lead');
    },
  };
  await send(filing(ref, { caseId: id }));
  return self;
}

export interface TestWebhook {
  readonly id: string;
  readonly secret: string;
}

/** A webhook as the API would make it, for a department. */
export async function addWebhook(
  knex: Knex,
  {
    url,
    secretKey,
    department = 'civil-affairs',
    types = ['*'],
  }: { url: string; secretKey: Uint8Array; department?: string; types?: string[] },
): Promise<TestWebhook> {
  const [id, secret] = [randomUUID(), newSecret()];
  const sealedSecret = seal(secretKey, secret);
  const createdBy = 'integrator';
  await insertWebhook(knex, { id, url, department, types, createdBy, description: '', sealedSecret });
  return { id, secret };
}
