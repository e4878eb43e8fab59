import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into events of every type
  readonly event: any;
}

/** What a receiver does with what it gets: a status, or its own way of answering. */
export type Behaviour = number | RequestListener;

export interface Receiver {
  readonly url: string;
  /** Everything that came, taken or not, in order. */
  readonly received: Received[];
  /** What was answered with 2xx. */
  readonly taken: Received[];
  behave: (message: Received) => Behaviour;
  close(): Promise<void>;
}

/** A real HTTP server on this machine that takes webhooks. */
export async function startReceiver(behave: Receiver['behave'] = () => 204, port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const taken: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const message = { headers: request.headers, body, event: JSON.parse(body) };
      received.push(message);
      const what = self.behave(message);
      if (typeof what !== 'number') return what(request, response);
      if (what >= 200 && what < 300) taken.push(message);
      response.writeHead(what).end(what < 300 ? '' : 'not now');
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const self: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    taken,
    behave,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}
