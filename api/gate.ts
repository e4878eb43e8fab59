/** Counts who is inside under a key, and lets in no more than `most`. Gives the way out, or undefined when it is full. */
export function gate(most: number): (key: string) => (() => void) | undefined {
  const inside = new Map<string, number>();
  return function enter(key) {
    const count = inside.get(key) ?? 0;
    if (count >= most) return undefined;
    inside.set(key, count + 1);
    let left = false;
    return function leave() {
      if (left) return;
      left = true;
      const now = (inside.get(key) ?? 1) - 1;
      if (now === 0) inside.delete(key);
      else inside.set(key, now);
    };
  };
}
