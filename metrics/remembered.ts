/** Asks once and gives the same answer again for a while, in milliseconds. What fails is asked anew by the next. */
export function remembered<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let known: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return function recall() {
    const now = performance.now();
    if (known && now - known.at < ms) return known.answer;
    const answer = ask();
    const mine = { at: now, answer };
    known = mine;
    answer.catch(() => {
      if (known === mine) known = undefined;
    });
    return answer;
  };
}
