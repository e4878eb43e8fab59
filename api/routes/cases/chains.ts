import type { Knex } from 'knex';
import { checkChain } from '../../../domain/manifest-chain.ts';
import { brokenLink } from '../../../domain/replay.ts';
import { grantsKept } from '../../../store/audit.ts';
import type { CaseRow } from '../../../store/cases.ts';
import { eventsOf } from '../../../store/record.ts';
import { sha256 } from '../../../store/stream.ts';

/** The digests of a case's events and of the manifests under its grants, computed again. */
export async function chainsOf(db: Knex, { id, number, title, status }: CaseRow) {
  const [events, grants] = await Promise.all([eventsOf(db, id), grantsKept(db, id)]);
  const broken = brokenLink(id, events, sha256);
  return {
    case: { id, number, title, status },
    events: events.length,
    digest: events.at(-1)?.digest ?? '',
    verdict: broken ? ('broken' as const) : ('whole' as const),
    difference: broken
      ? { field: broken.field, seq: broken.seq, expected: broken.replayed, found: broken.found }
      : null,
    grants: grants.map(({ id: grantId, number: grantNumber, body, manifests }) => {
      const chain = checkChain(body, manifests);
      const isBroken = chain.verdict === 'broken';
      return {
        id: grantId,
        number: grantNumber,
        manifests: manifests.length,
        // Nothing was delivered yet: there is nothing that could be out of order.
        verdict: manifests.length === 0 ? ('whole' as const) : chain.verdict,
        at: isBroken ? chain.at : null,
        why: isBroken ? chain.why : null,
      };
    }),
  };
}
