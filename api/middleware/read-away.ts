import type { IncomingMessage } from 'node:http';

/** How much of a body that nobody wants is read, in bytes, and for how long, in milliseconds; how long for nothing to come. */
const MOST = 64 * 1024 * 1024;
const LONGEST_MS = 10_000;
const SILENCE_MS = 1_000;

/**
 * Reads the rest of a request that is refused and drops it. Who asks to have the connection closed sends everything before
 * they read the answer: closed on them while they send, they would have a broken pipe for an answer. Of connections that
 * stay open Node reads the rest by itself.
 */
export async function readAway(request: IncomingMessage): Promise<void> {
  const closes = request.httpVersion === '1.0' || /\bclose\b/i.test(request.headers.connection ?? '');
  if (!closes || request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let size = 0;
    const longest = setTimeout(enough, LONGEST_MS);
    const silence = setTimeout(enough, SILENCE_MS);
    function count(chunk: Buffer): void {
      size += chunk.length;
      silence.refresh();
      if (size > MOST) enough();
    }
    function enough(): void {
      clearTimeout(longest);
      clearTimeout(silence);
      request.off('data', count).off('end', enough).off('close', enough);
      resolve();
    }
    request.on('data', count).once('end', enough).once('close', enough).resume();
  });
}
