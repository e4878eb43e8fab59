import type { z } from 'zod';
import { type CaseState, type Command, type FormRef, partiesOf, type PersonAction } from '../domain/case.ts';
import type { Entry } from '../domain/catalogue.ts';
import { caseMachine } from '../domain/kernel/case-machine.ts';
import { resourcesOf, type ShareRequestForm } from '../domain/share-request.ts';
import type { CaseRow } from '../store/cases.ts';
import { findEntry } from '../store/catalogue.ts';
import { findForm, insertForm } from '../store/forms.ts';
import { type Application, checkApplication, formOf, formRefOf, refuseFaults } from './application.ts';
import type { Submitted } from './command-runner.ts';
import type { CallerCall } from './endpoint.ts';
import { requireOpen } from './open-entries.ts';
import { Problem } from './problem.ts';
import { changedProcessForm } from './process-form.ts';
import { applicationChanges, type FormInput } from './routes/cases/action-schema.ts';
import type { RouteDeps } from './routes/deps.ts';
import { staffFor } from './staff.ts';
import { validate } from './validate.ts';
import { withoutUndefined } from './without-undefined.ts';

/** An application that is handed in again: the next version of its form, kept together with the command that hands it in. */
export async function changeForm(
  { db, commands, processes, mounts, outside }: Pick<RouteDeps, 'db' | 'commands' | 'processes' | 'mounts' | 'outside'>,
  row: CaseRow,
  {
    input,
    by,
    ...call
  }: Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'at' | 'idempotency'> & {
    readonly input: FormInput;
    readonly by: Pick<Command, 'onBehalf' | 'staff'>;
  },
): Promise<Submitted> {
  const { actor, at, idempotency } = call;
  const { content, form } =
    row.entryId === null || row.entryVersion === null
      ? await changedProcessForm({ db, processes, mounts }, row, { changes: input.form ?? {}, at })
      : await changedApplication({ db, outside }, row, {
          at,
          changes: validate(applicationChanges, input.form ?? {}, '/form'),
        });
  // A form may bring in a provider whose staff the route needs to open seats from.
  const providers = (form.subjects ?? []).map(({ provider }) => provider);
  const staff = await staffFor(db, row.state.route, [...partiesOf(row.state), ...providers]);
  const { form: _, onBehalf: __, ...rest } = input;
  const action = withoutUndefined({ ...rest, form }) as PersonAction;
  refuseBeforehand(row.state, { id: idempotency.id, at, actor, do: action, ...by, ...staff });
  return commands.submit({
    idempotency,
    actor,
    at,
    action,
    ...by,
    ...staff,
    target: { kind: 'case', id: row.id, process: row.kind },
    async alongside(transaction) {
      if (input.action === 'refile') await requireOpen(transaction, entriesAsked(row, content));
      const kept = { ...form, caseId: row.id, body: content, createdBy: actor.person };
      // Another change has made this version since, and its outcome is not known yet.
      if (!(await insertForm(transaction, kept))) throw new Problem('CommandPending', { retryAfter: 2 });
    },
  });
}

/** What a request asks for; a case of another process asks for no entry. */
function entriesAsked(row: CaseRow, content: unknown): string[] {
  return row.entryVersion === null ? [] : resourcesOf(content as ShareRequestForm).map(({ entryId }) => entryId);
}

interface Changed {
  readonly content: unknown;
  readonly form: FormRef;
}

async function changedApplication(
  { db, outside }: Pick<RouteDeps, 'db' | 'outside'>,
  row: CaseRow,
  { at, changes }: { readonly at: string; readonly changes: z.output<typeof applicationChanges> },
): Promise<Changed> {
  const { entryId, entryVersion, formId, formVersion, requester } = row;
  const stored = await findForm(db, formId, formVersion);
  const entry = entryId === null || entryVersion === null ? undefined : await findEntry(db, entryId, entryVersion);
  if (!stored || !entry) throw new Error(`Case ${row.id} has no form or entry`);
  const further = await furtherEntries(db, stored.body, changes.further);
  const entries = [entry, ...further.filter((one) => one !== undefined)] as const;
  const content = await changed({ db, outside, row, at, entry, further, before: stored.body }, changes);
  return { content, form: formRefOf(content, entries, { id: formId, version: formVersion + 1, requester }) };
}

interface Before {
  readonly db: RouteDeps['db'];
  readonly outside: RouteDeps['outside'];
  readonly row: CaseRow;
  readonly at: string;
  readonly entry: Entry;
  readonly further: readonly (Entry | undefined)[];
  readonly before: ShareRequestForm;
}

/** Resources that were asked for before keep their version of the entry; others have the current one. */
async function furtherEntries(
  db: RouteDeps['db'],
  { further: before = [] }: ShareRequestForm,
  changes: readonly { readonly entryId: string }[] | undefined,
): Promise<(Entry | undefined)[]> {
  const asked = changes ?? before;
  return Promise.all(
    asked.map(({ entryId }) => findEntry(db, entryId, before.find((one) => one.entryId === entryId)?.entryVersion)),
  );
}

/** Only what is changed is judged: what was sound when it was filed stays so, also when its day has passed since. */
async function changed(
  { db, outside, row, at, entry, further, before }: Before,
  changes: z.output<typeof applicationChanges>,
): Promise<ShareRequestForm> {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const items: readonly string[] = changes.items ?? before.items;
  const kept = Object.entries(before.masks).filter(([item]) => items.includes(item));
  const application: Application = {
    ...before,
    masks: Object.fromEntries(kept),
    period: { ...before.period },
    warranties: { ...before.warranties },
    attachments: before.attachments.map(({ id }) => id),
    further: (before.further ?? []).map(({ entryVersion: _, ...one }) => ({
      ...one,
      items: [...one.items],
      masks: { ...one.masks },
    })),
    ...given,
    items: [...items],
  };
  const { faults, attachments } = await checkApplication(db, application, {
    at,
    department: row.requester,
    entry,
    further,
    destinations: outside.destinations,
  });
  const told = faults.filter(({ pointer }) => Object.hasOwn(given, pointer.split('/')[1] ?? ''));
  refuseFaults(told.map((fault) => ({ ...fault, pointer: `/form${fault.pointer}` })));
  return formOf(application, [entry, ...further.filter((one) => one !== undefined)], attachments);
}

/** A form that the kernel would refuse should not even be kept. The workflow decides again, and has the last word. */
function refuseBeforehand(state: CaseState, command: Command): void {
  const decision = caseMachine.decide(state, command);
  if (!('refusal' in decision)) return;
  const { code, pointer } = decision.refusal;
  throw new Problem(code, pointer === undefined ? {} : { faults: [{ pointer, code }] });
}
