import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  proxyActivities,
  proxySinks,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { type Command, SYSTEM } from '../domain/case.ts';
import { EMPTY, type Entry, type Journal, objection, step, type StreamKind } from '../domain/journal.ts';
import type { Alarm, Machine, Refusal } from '../domain/machine.ts';
import { act, type Outcome, readState, type StartInput } from './messages.ts';
import type { JournalSinks } from './sinks.ts';

const { record, loadJournal } = proxyActivities<Pick<Activities, 'record' | 'loadJournal'>>({
  startToCloseTimeout: '30 seconds',
  // Without end: a workflow that went on with an event that was given up would be out of step with the database for ever.
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});
const { journal: sink } = proxySinks<JournalSinks>();

/** Commands after which a run continues as new, well below the 2,000 updates that a run may take. */
const RENEW_AFTER = 300;

/** What a workflow built on a machine has of it. */
export interface Running<A> {
  /** Runs until the machine is over. */
  run(): Promise<void>;
  /** Carries out what the workflow itself has to say; refusals are impossible or without meaning there. */
  readonly tell: (id: string, action: A) => void;
}

export interface MachineOptions<S extends { readonly status: string }, A, E> {
  readonly kind: StreamKind;
  readonly machine: Machine<S, A, E>;
  readonly start: StartInput<A>;
  /** A state that was loaded, in the shape of now: stored histories hold those of earlier shapes. */
  readonly restore?: (loaded: S) => S;
  /** Called after every change that is recorded: start what the state asks for, once. */
  readonly react: (state: S) => void;
  /** Whether something that `react` started is still under way. It belongs to the run, so the run neither ends nor renews. */
  readonly isBusy: () => boolean;
}

/**
 * Runs a machine until it is over: takes updates, lets time act, and hands every event to the recorder before anyone is
 * answered. Returns control to the caller's workflow through `run`.
 */
export function machine<S extends { readonly status: string }, A, E>(options: MachineOptions<S, A, E>): Running<A> {
  const { machine: rules, start, kind } = options;
  const { streamId } = start;
  let journal: Journal<S> = EMPTY;
  let recorded = 0;
  let loaded = false;
  let changes = 0;
  let commands = 0;
  let isDraining = false;
  let outbox: Entry<E>[] = [];
  let unheard: Command<A>[] = [];
  let timer: { readonly at: string; readonly scope: CancellationScope } | undefined;

  /** Decides and applies at once, before anything is awaited, so that two commands never decide on the same state. */
  function take(command: Command<A>): { seq: number } | { refusal: Refusal } {
    const taken = step(rules, journal, command);
    if ('refusal' in taken) return taken;
    journal = taken.journal;
    outbox.push(...taken.entries);
    // Only a replay hears it: a live worker would send it to its main thread to be dropped there.
    if (taken.entries.length > 0 && workflowInfo().unsafe.isReplaying) {
      sink.took({ kind, streamId, entries: [...taken.entries] });
    }
    changes += 1;
    commands += 1;
    return { seq: taken.seq };
  }

  /** A signal can come before the state is there to hold it against, in the first task of a run that continues another. */
  function tell(id: string, action: A): void {
    const command = { id, at: new Date(Date.now()).toISOString(), actor: SYSTEM, do: action };
    if (loaded) take(command);
    else unheard.push(command);
  }

  function begin(): void {
    loaded = true;
    const early = unheard;
    unheard = [];
    early.forEach(take);
    changes += 1;
  }

  /** Everything taken is recorded and answered, and nothing of this run is under way. */
  function isQuiet(): boolean {
    return recorded === journal.seq && allHandlersFinished() && !options.isBusy();
  }

  setHandler(
    act,
    async (command): Promise<Outcome> => {
      if (!loaded) await condition(() => loaded);
      const taken = take(command as Command<A>);
      if ('refusal' in taken) throw refused(taken.refusal);
      await condition(() => recorded >= taken.seq);
      const outcome = { streamId, seq: taken.seq, status: journal.state?.status ?? '' };
      if (workflowInfo().unsafe.isReplaying) sink.answered({ id: command.id, outcome });
      return outcome;
    },
    {
      validator: (command) => {
        if (isDraining) throw ApplicationFailure.nonRetryable('The run is being renewed', 'Renewing');
        if (!loaded) return;
        const refusal = objection(rules, journal, command as Command<A>);
        if (refusal) throw refused(refusal);
      },
    },
  );
  setHandler(readState, () => ({ seq: journal.seq, recorded, state: journal.state as never }));

  /** One at a time and the whole outbox at once: order is kept, and a burst costs few writes. */
  async function recorder(): Promise<void> {
    for (;;) {
      await condition(() => outbox.length > 0);
      const entries = outbox;
      outbox = [];
      await record({ kind, streamId, entries } as never);
      recorded = entries.at(-1)?.seq ?? recorded;
      changes += 1;
    }
  }

  /** Keeps one timer for the next thing that time will do; what that is is asked again once the moment has come. */
  function arm(alarm: Alarm<A> | undefined): void {
    if (timer?.at === alarm?.at) return;
    timer?.scope.cancel();
    timer = undefined;
    if (!alarm) return;
    const scope = new CancellationScope();
    const own = { at: alarm.at, scope };
    timer = own;
    scope
      .run(async () => {
        await sleep(Math.max(1, Date.parse(alarm.at) - Date.now()));
        if (timer === own) ring();
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) log.error('An alarm failed', { error });
      });
  }

  function ring(): void {
    const due = journal.state && rules.alarm(journal.state);
    if (due && due.at === timer?.at) {
      const at = due.isSoft === true ? new Date(Date.now()).toISOString() : due.at;
      take({ id: `alarm:${due.at}:${journal.seq}`, at, actor: SYSTEM, do: due.do });
    }
    timer = undefined;
    changes += 1;
  }

  async function load(): Promise<void> {
    const loaded = (await loadJournal({ kind, streamId })) as unknown as Journal<S>;
    const { state } = loaded;
    journal = state && options.restore ? { ...loaded, state: options.restore(state) } : loaded;
    recorded = journal.seq;
  }

  function shouldRenew(): boolean {
    return commands >= (start.renewAfter ?? RENEW_AFTER) || workflowInfo().continueAsNewSuggested;
  }

  async function run(): Promise<void> {
    if (start.begin === undefined) await load();
    else {
      const begun = take(start.begin);
      if ('refusal' in begun) throw refused(begun.refusal);
      if (start.isBegun === true) {
        outbox = [];
        recorded = journal.seq;
      }
    }
    begin();
    void recorder();
    for (;;) {
      const seen = changes;
      const { state } = journal;
      if (state !== undefined) {
        if (recorded === journal.seq) {
          options.react(state);
          if (rules.isOver(state)) break;
        }
        if (shouldRenew() && !options.isBusy()) return renew();
        arm(rules.alarm(state));
      }
      await condition(() => changes !== seen);
    }
    arm(undefined);
    await condition(isQuiet);
  }

  /** Refuses new commands until those under way are recorded and answered: to wait for a lull would be to wait for ever. */
  async function renew(): Promise<void> {
    isDraining = true;
    arm(undefined);
    await condition(isQuiet);
    const { begin: _, isBegun: __, ...rest } = start;
    await continueAsNew<(input: StartInput<A>) => Promise<void>>(rest);
  }

  return { tell, run };
}

function refused(refusal: Refusal): ApplicationFailure {
  return ApplicationFailure.create({
    message: refusal.code,
    type: refusal.code,
    nonRetryable: true,
    details: refusal.pointer === undefined ? [] : [{ pointer: refusal.pointer }],
  });
}
