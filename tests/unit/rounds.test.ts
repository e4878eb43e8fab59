import { pino } from 'pino';
import { startRounds } from '../../api/rounds.ts';

const logger = pino({ level: 'silent' });

test('a round that fails is followed by the next, and stopping waits for the one under way', async () => {
  let rounds = 0;
  let finished = 0;
  let third = (): void => undefined;
  const reached = new Promise<void>((resolve) => (third = resolve));
  const running = startRounds(
    async () => {
      rounds += 1;
      if (rounds === 1) throw new Error('the database is down');
      if (rounds === 3) third();
      await Promise.resolve();
      finished += 1;
    },
    { logger, everyMs: 1, name: 'test' },
  );
  await reached;
  await running.stop();
  expect(finished).toBe(rounds - 1);
  const before = rounds;
  await new Promise((resolve) => setImmediate(resolve));
  expect(rounds).toBe(before);
});

test('stopping does not wait for the pause between two rounds', async () => {
  let first = (): void => undefined;
  const reached = new Promise<void>((resolve) => (first = resolve));
  const running = startRounds(async () => first(), { logger, everyMs: 3_600_000, name: 'test' });
  await reached;
  await expect(running.stop()).resolves.toBeUndefined();
});
