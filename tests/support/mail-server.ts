import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export interface Mailbox {
  readonly url: string;
  /** What was taken, in order. */
  readonly mails: { readonly to: string; readonly mail: Email }[];
  /** How often somebody tried. */
  tries: number;
  /** An answer code and words for the recipient or, after the data, for the mail; undefined: taken. */
  refuse: (stage: 'recipient' | 'data', to: string) => string | undefined;
  close(): Promise<void>;
}

/** A real SMTP server on this machine that asks for a login. */
export async function startMailbox(): Promise<Mailbox> {
  const server = new SMTPServer({
    authOptional: false,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) =>
      username === 'santong' && password === 'pw' ? done(null, { user: username }) : done(new Error('no')),
    onRcptTo({ address }, _, done) {
      box.tries += 1;
      done(failure(box.refuse('recipient', address)));
    },
    async onData(stream, session, done) {
      done(await take(stream, session.envelope.rcptTo[0]?.address ?? ''));
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;

  async function take(stream: Readable, to: string): Promise<Error | null> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const refused = box.refuse('data', to);
    if (refused === undefined) box.mails.push({ to, mail: await PostalMime.parse(Buffer.concat(chunks)) });
    return failure(refused);
  }

  const box: Mailbox = {
    url: `smtp://santong:pw@127.0.0.1:${port}`,
    mails: [],
    tries: 0,
    refuse: () => undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return box;
}

function failure(words: string | undefined): Error | null {
  if (words === undefined) return null;
  return Object.assign(new Error(words.slice(4)), { responseCode: Number(words.slice(0, 3)) });
}
