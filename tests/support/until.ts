/** Looks again and again until there is something to see, for at most fifty seconds. */
export async function until<T>(look: () => Promise<T | false | undefined>): Promise<T> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('What was waited for did not come');
}
