import { startCrew } from '../../notices/crew.ts';

const HOUR = 3_600_000;

test('however often it is called, one that rests looks once more when the rest is over', async () => {
  const looks: number[] = [];
  let seen = (): void => undefined;
  const twice = new Promise<void>((resolve) => (seen = resolve));
  const crew = startCrew({
    size: 1,
    everyMs: HOUR,
    restMs: 60,
    async work() {
      looks.push(performance.now());
      if (looks.length === 2) seen();
      return false;
    },
    failed: () => undefined,
  });
  for (let n = 0; n < 50; n += 1) crew.wake();
  await twice;
  await crew.stop();
  expect(looks).toHaveLength(2);
  // Timers may ring a moment early.
  expect((looks[1] ?? 0) - (looks[0] ?? 0)).toBeGreaterThan(50);
});

test('one that has rested looks at once, and none after it is stopped', async () => {
  let looks = 0;
  const crew = startCrew({
    size: 1,
    everyMs: HOUR,
    restMs: 5,
    async work() {
      looks += 1;
      return false;
    },
    failed: () => undefined,
  });
  await new Promise((resolve) => setTimeout(resolve, 20));
  crew.wake();
  expect(looks).toBe(2);
  crew.wake();
  await crew.stop();
  crew.wake();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(looks).toBe(2);
});
