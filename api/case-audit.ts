import { dateIn } from '../domain/calendar.ts';
import type { CaseEvent } from '../domain/case.ts';
import {
  absentLink,
  type AuditDifference,
  type AuditLink,
  beyondForm,
  beyondGrant,
  firstApart,
  linkOf,
  type Signed,
  signedIn,
  signedOtherwise,
} from '../domain/audit-chain.ts';
import type { Entry } from '../domain/journal.ts';
import { itemsLeftOut } from '../domain/kernel/item-answers.ts';
import { brokenLink, type Difference, projectionDifference, type ReplayReport } from '../domain/replay.ts';
import type { ShareRequestForm } from '../domain/share-request.ts';
import { sharingAskOf } from '../domain/sharing.ts';
import { formsOfCase, type GrantKept, grantsKept, stoodIn } from '../store/audit.ts';
import type { CaseRow } from '../store/cases.ts';
import { accountsOf } from '../store/replay.ts';
import { sha256 } from '../store/stream.ts';
import type { Policies } from './reach.ts';
import type { RouteDeps } from './routes/deps.ts';

type Deps = Pick<RouteDeps, 'db' | 'policies'>;

/** What was found where a delivery went; undefined where nobody could look. */
export type DeliveryFound = {
  readonly deliveryId: string;
  readonly verdict: 'matches' | 'differs' | 'superseded' | 'unread';
  readonly found: readonly { readonly code: string; readonly message: string }[];
  readonly expected: { readonly rows: number; readonly sha256: string };
  readonly content: { readonly verdict: string; readonly rows?: number; readonly sha256?: string };
};

/** Everything that the chain of a case is made from besides the database. */
export interface Looked {
  /** Absent: the history could not be run again. */
  readonly report?: ReplayReport;
  readonly deliveries: readonly DeliveryFound[];
}

/** From the delivery to the decisions that it rests on, and through every account that is kept of them. */
export async function auditChain(deps: Deps, row: CaseRow, looked: Looked): Promise<AuditLink[]> {
  const { db } = deps;
  const [grants, accounts, forms] = await Promise.all([
    grantsKept(db, row.id),
    accountsOf(db, row.id),
    formsOfCase(db, row.id),
  ]);
  const { recorded, projection } = accounts;
  const signed = signedIn(recorded);
  const ledger = ledgerLink(row.id, recorded, looked.report);
  const bodies = new Map(forms.map(({ digest, body }) => [digest, body]));
  return [
    deliveryLink(looked.deliveries),
    grantLink(grants, signed, bodies),
    decisionsLink(signed),
    await capacityLink(deps, signed),
    policyLink(deps.policies, grants),
    replayLink(looked.report),
    ledger,
    // What does not hold itself is nothing to hold the rows against.
    ledger.verdict === 'fails' ? absentLink('projection', 'unknown') : projectionLink(recorded, projection),
  ];
}

function deliveryLink(deliveries: readonly DeliveryFound[]): AuditLink {
  if (deliveries.length === 0) return absentLink('delivery');
  if (deliveries.every(({ verdict }) => verdict === 'unread')) return absentLink('delivery', 'unknown');
  const differences = deliveries
    .filter(({ verdict }) => verdict === 'differs')
    .flatMap(({ found, expected, content }): AuditDifference[] => [
      ...found.map(({ code, message }) => ({ field: code, expected: '', found: '', message })),
      ...(content.sha256 !== undefined && content.sha256 !== expected.sha256
        ? [{ field: 'sha256', expected: expected.sha256, found: content.sha256 }]
        : []),
      ...(content.rows !== undefined && content.rows !== expected.rows
        ? [{ field: 'rows', expected: String(expected.rows), found: String(content.rows) }]
        : []),
    ]);
  const rows = deliveries.reduce((sum, { expected }) => sum + expected.rows, 0);
  return linkOf('delivery', { facts: { deliveries: deliveries.length, rows }, differences });
}

function grantLink(
  grants: readonly GrantKept[],
  signed: readonly Signed[],
  bodies: ReadonlyMap<string, unknown>,
): AuditLink {
  if (grants.length === 0) return absentLink('grant');
  const differences = grants.flatMap(({ id, body, manifests }) => {
    const then = signed.find(({ grantId }) => grantId === id);
    const form = then?.state.form;
    const leftOut = then ? itemsLeftOut(then.state, then.subject) : [];
    const asked = form && (bodies.get(form.digest) as ShareRequestForm | undefined);
    return [
      ...(asked ? beyondForm(body, asked, leftOut) : [{ field: 'form', expected: id, found: '' }]),
      ...manifests.flatMap(({ manifest }) => (manifest ? beyondGrant(manifest, body) : [])),
    ];
  });
  const manifests = grants.reduce((sum, grant) => sum + grant.manifests.length, 0);
  const items = grants.reduce((sum, { body }) => sum + body.items.length, 0);
  const numbers = grants.map(({ number }) => number).join(' ');
  return linkOf('grant', { facts: { numbers, items, manifests }, differences });
}

function decisionsLink(signed: readonly Signed[]): AuditLink {
  const last = signed.at(-1);
  const signatures = new Set(signed.flatMap((one) => one.signatures.map(({ seq }) => seq))).size;
  if (!last || signatures === 0) return absentLink('decisions');
  return linkOf('decisions', {
    facts: { signatures, lapsed: last.lapsed },
    differences: signed.flatMap(signedOtherwise),
  });
}

/** In what capacity people signed: none decided their own request, and whoever stood in had been named to. */
async function capacityLink({ db }: Deps, signed: readonly Signed[]): Promise<AuditLink> {
  const all = new Map(signed.flatMap((one) => one.signatures.map((signature) => [signature.seq, signature] as const)));
  if (all.size === 0) return absentLink('capacity');
  const differences: AuditDifference[] = [];
  let standIns = 0;
  for (const { seq, actor, onBehalf, at, contributors } of all.values()) {
    if (contributors.includes(actor)) {
      differences.push({ field: 'actor', seq, expected: `≠ ${contributors.join(', ')}`, found: actor });
    }
    if (onBehalf === undefined) continue;
    standIns += 1;
    const on = dateIn(at);
    if (await stoodIn(db, { standIn: actor, person: onBehalf, on })) continue;
    differences.push({ field: 'onBehalf', seq, expected: `${onBehalf} → ${actor} ${on}`, found: '' });
  }
  return linkOf('capacity', { facts: { signatures: all.size, standIns }, differences });
}

/** Whether the lines that were in force when a delivery began allow it, asked again. */
function policyLink(policies: Policies, grants: readonly GrantKept[]): AuditLink {
  const asked = grants.flatMap((grant) =>
    grant.manifests.flatMap(({ manifest }) => (manifest ? [{ grant, manifest }] : [])),
  );
  if (asked.length === 0) return absentLink('policy');
  let version = '';
  const differences = asked.flatMap(({ grant, manifest }): AuditDifference[] => {
    const at = Date.parse(manifest.startedAt);
    const lines = grant.lines.filter(
      ({ since, until }) => since.getTime() <= at && (until === null || until.getTime() >= at),
    );
    if (!grant.entry) return [{ field: 'entry', expected: grant.body.entryId, found: '' }];
    const ask = sharingAskOf(grant.body, grant.entry, dateIn(manifest.startedAt));
    const verdict = policies.mayShare(
      lines.map(({ line }) => line),
      ask,
    );
    version = verdict.version;
    if (verdict.allowed && verdict.line === manifest.policyLine) return [];
    return [{ field: 'policyLine', expected: manifest.policyLine, found: verdict.line ?? verdict.why }];
  });
  const versions = [...new Set(asked.map(({ manifest }) => manifest.policyVersion))].join(' ');
  return linkOf('policy', { facts: { asked: asked.length, versions, now: version }, differences });
}

/** Whether the history, run through the workflow code again, decides what it says was decided. */
function replayLink(report: ReplayReport | undefined): AuditLink {
  if (!report) return absentLink('replay', 'unknown');
  const isAtFault = report.verdict === 'not-replayable' || report.verdict === 'history-altered';
  const differences = isAtFault ? [differenceOf(report.difference ?? { field: '', replayed: '', found: '' })] : [];
  const { events, decisions } = report;
  return linkOf('replay', { facts: { events, decisions: decisions.length }, differences });
}

/** Whether the digests of the record chain, and its events are those of the history. */
function ledgerLink(
  caseId: string,
  recorded: Awaited<ReturnType<typeof accountsOf>>['recorded'],
  report: ReplayReport | undefined,
): AuditLink {
  const broken = brokenLink(caseId, recorded, sha256);
  const altered = report?.verdict === 'record-differs' ? report.difference : report?.altered;
  const differences = [...(altered ? [altered] : []), ...(broken ? [broken] : [])].map(differenceOf);
  const digest = recorded.at(-1)?.digest ?? '';
  return linkOf('ledger', { facts: { events: recorded.length, digest }, differences });
}

function differenceOf({ seq, field, replayed, found }: Difference): AuditDifference {
  return { field, ...(seq === undefined ? {} : { seq }), expected: replayed, found };
}

/** Whether the rows that people search show what the recorded events make of the case. */
function projectionLink(
  recorded: readonly Entry<CaseEvent>[],
  projection: Awaited<ReturnType<typeof accountsOf>>['projection'],
): AuditLink {
  const facts = { events: recorded.length, tasks: projection?.tasks.length ?? 0 };
  const difference = projectionDifference(recorded, projection);
  if (!difference) return linkOf('projection', { facts, differences: [] });
  const { field, replayed, found } = difference;
  const precise = firstApart(parsed(replayed), parsed(found), field);
  return linkOf('projection', { facts, differences: [precise ?? differenceOf(difference)] });
}

/** Accounts are compared as JSON; a word that is none stands for itself. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
