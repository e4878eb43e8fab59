import type { AddressInfo } from 'node:net';
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
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        const refused = box.refuse('data', to);
        if (refused !== undefined) return done(failure(refused));
        PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          box.mails.push({ to, mail });
          done();
        }, done);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
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
