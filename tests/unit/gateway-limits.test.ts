import { limiter } from '../../api/gateway/limits.ts';
import { remembering } from '../../api/gateway/watched.ts';
import { type Span } from '../../store/gateway.ts';

const RATE = { perSecond: 5, perMinute: 100, perDay: 1_000 };

/** The counter that processes share, over a clock of the test's own. */
function counter() {
  const clock = { ms: 0, asked: 0 };
  const used: Partial<Record<Span, { start: number; count: number }>> = {};
  const length = { second: 1_000, minute: 60_000, day: 86_400_000 };
  const take = async (
    _: string,
    wanted: readonly { readonly span: Span; readonly count: number; readonly most: number }[],
  ) => {
    clock.asked += 1;
    return wanted.map(({ span, count, most }) => {
      const start = Math.floor(clock.ms / length[span]);
      const before = used[span]?.start === start ? used[span].count : 0;
      const taken = Math.max(0, Math.min(count, most - before));
      used[span] = { start, count: before + taken };
      return { span, taken, left: most - before - taken, endsInMs: (start + 1) * length[span] - clock.ms };
    });
  };
  return { clock, take };
}

describe('a rate', () => {
  it('lets through what it allows in each span, over two processes, and says how long the span still is', async () => {
    const { clock, take } = counter();
    const [one, other] = [limiter(take, () => clock.ms), limiter(take, () => clock.ms)];
    const told = [];
    for (let n = 0; n < 8; n += 1) told.push(await (n % 2 === 0 ? one : other).admit('g', RATE));
    expect(told.map(({ isAllowed }) => isAllowed)).toEqual([true, true, true, true, true, false, false, false]);
    expect(told[0]).toEqual({ isAllowed: true, span: 'second', limit: 5, remaining: 4, resetSeconds: 1 });
    expect(told[7]).toEqual({ isAllowed: false, span: 'second', limit: 5, remaining: 0, resetSeconds: 1 });
    clock.ms = 1_000;
    expect(await one.admit('g', RATE)).toMatchObject({ isAllowed: true, remaining: 4 });
    expect(await one.admit('other', RATE)).toMatchObject({ isAllowed: true });
  });

  it('does not ask again for what is known to be spent, and asks little for what is large', async () => {
    const { clock, take } = counter();
    const one = limiter(take, () => clock.ms);
    const rate = { perSecond: 1_000, perMinute: 60_000, perDay: 1_000_000 };
    const admitted = await Promise.all(Array.from({ length: 1_200 }, () => one.admit('g', rate)));
    expect(admitted.filter(({ isAllowed }) => isAllowed)).toHaveLength(1_000);
    const { asked } = clock;
    expect(asked).toBeLessThanOrEqual(115);
    expect(await one.admit('g', rate)).toMatchObject({ isAllowed: false });
    expect(clock.asked).toBe(asked);
  });

  it('is told in the span of which least is left', async () => {
    const { clock, take } = counter();
    const one = limiter(take, () => clock.ms);
    const rate = { perSecond: 1_000, perMinute: 1_000, perDay: 4 };
    await one.admit('g', rate);
    expect(await one.admit('g', rate)).toMatchObject({ span: 'day', limit: 4, remaining: 2, resetSeconds: 86_400 });
  });

  it('that cannot be counted lets nothing through', async () => {
    const one = limiter(async () => {
      throw new Error('away');
    });
    await expect(one.admit('g', RATE)).rejects.toThrow('away');
  });
});

describe('what is remembered', () => {
  it('is used only while changes are heard of, and not where one came while it was read', async () => {
    let isHearing = true;
    const values = remembering<string>(() => isHearing);
    await values.read('a', async () => 'one');
    expect(values.at('a')).toBe('one');
    isHearing = false;
    expect(values.at('a')).toBeUndefined();
    isHearing = true;
    values.forget((value) => value === 'one');
    expect(values.at('a')).toBeUndefined();
    const read = await values.read('a', async () => {
      values.forget(() => false);
      return 'two';
    });
    expect([read, values.at('a')]).toEqual(['two', undefined]);
    await values.read('b', async () => undefined);
    expect(values.at('b')).toBeUndefined();
  });
});
