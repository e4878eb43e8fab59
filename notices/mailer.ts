import { createTransport } from 'nodemailer';
import { ATTEMPTS, pauseAfter } from '../domain/notices/retry.ts';
import type { DueMail, MailOutcome } from '../store/mail-queue.ts';
import { mailText } from './mail-text.ts';
import type { Pause } from './webhook-carrier.ts';

export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  readonly smtpUrl: string;
  /** The sender: an address, or `name <address>`. */
  readonly from: string;
  readonly publicUrl?: string;
}

export interface Mailer {
  send(mail: DueMail): Promise<MailOutcome>;
  close(): void;
}

const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 } as const;

/** Sends mails one by one. What goes wrong is told by codes only: a server's own words may repeat the address. */
export function createMailer({ smtpUrl, from, publicUrl }: MailSettings, pause: Pause = pauseAfter): Mailer {
  const transport = createTransport({ url: smtpUrl, ...TIMEOUTS });
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'santong.invalid';

  async function send(mail: DueMail): Promise<MailOutcome> {
    try {
      await transport.sendMail({
        from,
        to: { name: '', address: mail.address },
        // The same at each attempt, so that a mail system can tell a repetition.
        messageId: `<${mail.id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
        ...mailText(mail, publicUrl),
      });
      return { status: 'sent' };
    } catch (failure) {
      const error = codeOf(failure);
      const retryInMs = pause(mail.attempts + 1, Math.random());
      const isFinal = retryInMs === undefined || mail.attempts + 1 >= ATTEMPTS || isRefused(failure);
      return isFinal ? { status: 'dead', error } : { status: 'pending', error, retryInMs };
    }
  }

  return { send, close: () => transport.close() };
}

/** A 5xx about this mail is for good (RFC 5321 4.2.1); one about the login is mended by whoever runs the platform. */
function isRefused(failure: unknown): boolean {
  const { responseCode, code } = failure as { responseCode?: unknown; code?: unknown };
  return typeof responseCode === 'number' && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}

function codeOf(failure: unknown): string {
  const { responseCode, code } = failure as { responseCode?: unknown; code?: unknown };
  const parts = [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number');
  return parts.length === 0 ? 'Failed' : parts.join(' ');
}
