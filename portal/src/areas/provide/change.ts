import { api, got } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import { useOnce } from '../../lib/once.ts';

/** The draft in which a published entry is changed: the one that is under way, else a new one. */
export function useChange() {
  const { once, isBusy, problem } = useOnce();

  async function change(entryId: string): Promise<string | undefined> {
    return once({ entryId }, async (header) => {
      try {
        return (await got(api.POST('/api/catalogue/drafts', { params: { header }, body: { entryId } }))).id;
      } catch (error) {
        if (!(error instanceof ApiProblem && error.code === 'DraftOpen')) throw error;
        const { items } = await got(api.GET('/api/catalogue/drafts', { params: { query: { limit: 1, entryId } } }));
        const [under] = items;
        if (!under) throw error;
        return under.id;
      }
    });
  }

  return { change, isBusy, problem };
}
