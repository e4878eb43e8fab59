/** A message of server-sent events, as a browser would hand it over. */
export interface Told {
  readonly name: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into data of every shape
  readonly data: any;
  readonly at: number;
}

export interface EventListener {
  readonly status: number;
  readonly headers: Headers;
  readonly told: Told[];
  /** As a browser keeps it, for the next connection. */
  lastId(): string | undefined;
  /** Stops reading and leaves what comes to pile up at the other side. */
  pause(): void;
  resume(): void;
  /** Ends the connection from this side. */
  close(): void;
  /** Resolves when it is over, from whichever side. */
  readonly ended: Promise<void>;
}

/** Listens to /api/events by the rules of the HTML standard (9.2.6): id, event and data lines, a blank line dispatches. */
export async function listenTo(url: string, token: string, lastId?: string): Promise<EventListener> {
  const over = new AbortController();
  const response = await fetch(`${url}/api/events`, {
    headers: { Authorization: `Bearer ${token}`, ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }) },
    signal: over.signal,
  });
  const told: Told[] = [];
  let id = lastId;
  let gate: Promise<void> = Promise.resolve();
  let open = (): void => undefined;

  function take(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      const [, name = '', value = ''] = /^(\w*):? ?(.*)$/.exec(line) ?? [];
      fields.set(name, value);
    }
    id = fields.get('id') ?? id;
    const data = fields.get('data');
    if (data !== undefined)
      told.push({ name: fields.get('event') ?? 'message', data: JSON.parse(data), at: Date.now() });
  }

  async function read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        blocks.forEach(take);
        await gate;
      }
    } catch {
      // The connection is gone: whoever listens looks at what was told.
    }
  }

  return {
    status: response.status,
    headers: response.headers,
    told,
    lastId: () => id,
    pause: () => void (gate = new Promise((resolve) => (open = resolve))),
    resume: () => open(),
    close: () => over.abort(),
    ended: read(),
  };
}
