import type { Logger } from 'pino';
import { openDatabase } from '../store/database.ts';
import { listen } from '../store/listen.ts';
import { closeDailyMails, withDueMail } from '../store/mail-queue.ts';
import { sweepNotices } from '../store/notice-sweep.ts';
import { CHANNELS } from '../store/outbox.ts';
import { publishOrPass } from '../store/publish.ts';
import { withDueDelivery } from '../store/webhook-queue.ts';
import { createAddressGuard } from './addresses.ts';
import { type Crew, startCrew } from './crew.ts';
import { createMailer, type MailSettings } from './mailer.ts';
import { carry, type Pause } from './webhook-carrier.ts';

export interface DispatcherDeps {
  readonly databaseUrl: string;
  readonly secretKey: Uint8Array;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Absent: nobody is told by e-mail. */
  readonly mail?: Pick<MailSettings, 'smtpUrl' | 'from'>;
  readonly publicUrl?: string;
  /** Networks (CIDR) that webhooks may go to besides public addresses. */
  readonly webhookNetworks: readonly string[];
  /** Whether a department's webhooks are told of the cases of all departments. */
  seesAll(department: string): boolean;
  /** Milliseconds between two looks when no NOTIFY is heard. */
  readonly everyMs?: number;
  /** For one webhook's answer, in milliseconds. */
  readonly timeoutMs?: number;
  readonly pause?: Pause;
}

export interface Dispatcher {
  /** Takes nothing new, lets what is being sent end, and closes every connection. */
  stop(): Promise<void>;
}

const WEBHOOKS_AT_ONCE = 8;
/** A receiver that is slow holds up no more than these. */
const ONE_RECEIVER_AT_ONCE = 2;
const MAILS_AT_ONCE = 2;
/** Events of this long are published together: each time costs a dozen statements, however many there are. */
const GATHER_MS = 100;
const SWEEP_EVERY_MS = 3_600_000;

/** Publishes the outbox and sends mails and webhooks. Any number of processes may each run one. */
export function startDispatcher(deps: DispatcherDeps): Dispatcher {
  const { databaseUrl, secretKey, logger, mail, publicUrl, everyMs = 1_000, timeoutMs = 10_000, pause } = deps;
  // A message on its way holds a connection, since its lock does.
  const max = WEBHOOKS_AT_ONCE + MAILS_AT_ONCE + 2;
  const knex = openDatabase(databaseUrl, { max, warn: () => undefined });
  const guard = createAddressGuard(deps.webhookNetworks);
  const where = publicUrl === undefined ? {} : { publicUrl };
  const mailer = mail && createMailer({ ...mail, ...where }, pause);
  if (!mailer) logger.info('No SMTP server is set: nobody is told by e-mail');
  const context = {
    hasMail: mailer !== undefined,
    source: publicUrl ?? 'urn:santong',
    seesAll: deps.seesAll,
    known: new Map(),
  };
  const atWork = new Map<string, number>();

  function busy(): string[] {
    return [...atWork].flatMap(([id, count]) => (count >= ONE_RECEIVER_AT_ONCE ? [id] : []));
  }

  async function sendWebhook(found: () => void): Promise<boolean> {
    let taken: string | undefined;
    try {
      return await withDueDelivery(knex, busy(), async (delivery) => {
        // Colleagues may have taken some while this one was looked for. They look again when they are done.
        if (busy().includes(delivery.webhookId)) return undefined;
        taken = delivery.webhookId;
        atWork.set(taken, (atWork.get(taken) ?? 0) + 1);
        found();
        return carry(delivery, { guard, timeoutMs, secretKey, ...(pause ? { pause } : {}) });
      });
    } finally {
      if (taken !== undefined) atWork.set(taken, (atWork.get(taken) ?? 1) - 1);
    }
  }

  const told = new Set<string>();
  const crew = (
    name: string,
    { size, restMs = 0 }: { readonly size: number; readonly restMs?: number },
    work: (found: () => void) => Promise<boolean>,
  ): Crew =>
    startCrew({
      size,
      everyMs,
      restMs,
      async work(found) {
        const more = await work(found);
        told.delete(name);
        return more;
      },
      // Once until it goes well again: a database that is away would fill the log.
      failed(err) {
        if (!told.has(name)) logger.warn({ err, part: name }, 'notices are held up');
        told.add(name);
      },
    });

  const passed = (err: unknown): void => logger.error({ err }, 'an event could not be told and is passed by');
  const publisher = crew('publish', { size: 1, restMs: GATHER_MS }, async () => publishOrPass(knex, context, passed));
  const webhooks = crew('webhooks', { size: WEBHOOKS_AT_ONCE }, sendWebhook);
  const mails = mailer && crew('mails', { size: MAILS_AT_ONCE }, sendMail);
  const sweeper = startCrew({
    size: 1,
    everyMs: SWEEP_EVERY_MS,
    work: async () => sweepNotices(knex),
    failed: (err) => logger.warn({ err }, 'old notices could not be swept'),
  });

  async function sendMail(found: () => void): Promise<boolean> {
    await closeDailyMails(knex);
    return withDueMail(knex, async (due) => {
      found();
      const outcome = await (mailer as NonNullable<typeof mailer>).send(due);
      if (outcome.status === 'dead') logger.warn({ mail: due.id, error: outcome.error }, 'a mail could not be sent');
      return outcome;
    });
  }

  const listener = listen(databaseUrl, [CHANNELS.outbox, CHANNELS.feed], {
    heard(channel) {
      if (channel !== CHANNELS.feed) publisher.wake();
      if (channel === CHANNELS.outbox) return;
      webhooks.wake();
      mails?.wake();
    },
  });
  return {
    async stop() {
      await listener.stop();
      await Promise.all([publisher, webhooks, sweeper, ...(mails ? [mails] : [])].map((one) => one.stop()));
      mailer?.close();
      await knex.destroy();
    },
  };
}
