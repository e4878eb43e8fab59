import type { AuditLink } from '../../../domain/audit-chain.ts';
import type { ReplayReport } from '../../../domain/replay.ts';
import { grantsKept } from '../../../store/audit.ts';
import type { CaseRow } from '../../../store/cases.ts';
import { findDelivery } from '../../../store/deliveries.ts';
import { auditChain, type DeliveryFound } from '../../case-audit.ts';
import type { CallerCall } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { verifyDelivery } from '../deliveries/verification.ts';
import type { RouteDeps } from '../deps.ts';
import { replayCase } from './replay.ts';

type Call = CallerCall<unknown, unknown, object>;

/** Has everything looked into that a case can be held against, and says what holds link by link. */
export async function verifyCase(deps: RouteDeps, row: CaseRow, call: Call) {
  const [report, deliveries] = await Promise.all([replayed(deps, row, call), delivered(deps, row, call)]);
  const links = await auditChain(deps, row, { ...(report ? { report } : {}), deliveries });
  return { caseId: row.id, at: call.at, verdict: verdictOf(links), links };
}

function verdictOf(links: readonly AuditLink[]): 'holds' | 'fails' | 'unknown' {
  if (links.some(({ verdict }) => verdict === 'fails')) return 'fails';
  return links.some(({ verdict }) => verdict === 'unknown') ? 'unknown' : 'holds';
}

/** Undefined where the history is kept no longer: the record can still be held against itself. */
async function replayed(deps: RouteDeps, row: CaseRow, call: Call): Promise<ReplayReport | undefined> {
  if (!(await deps.engine.histories(row.kind, row.id))) return undefined;
  return (await replayCase(deps, row, { ...call, body: {} })) as ReplayReport;
}

/** The latest delivery under each grant: those before it have given way to it, and their manifests are in its chain. */
async function delivered(deps: RouteDeps, row: CaseRow, call: Call): Promise<DeliveryFound[]> {
  const grants = await grantsKept(deps.db, row.id);
  const latest = grants.flatMap(({ manifests }) => manifests.at(-1)?.deliveryId ?? []);
  return Promise.all(
    latest.map(async (id, index) => {
      const delivery = await findDelivery(deps.db, id, { all: true });
      if (!delivery?.manifest) throw new Problem('NotFound');
      const { idempotency } = call;
      const own = { ...call, idempotency: { ...idempotency, id: `${idempotency.id}~${index}` } };
      return verifyDelivery(deps, delivery, own);
    }),
  );
}
