import { createHash } from 'node:crypto';
import JSZip from 'jszip';
import type { CaseEvent } from '../../../domain/case.ts';
import { decisionsOf } from '../../../domain/replay.ts';
import { formsOfCase, grantsKept } from '../../../store/audit.ts';
import type { CaseRow } from '../../../store/cases.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { eventsOf } from '../../../store/record.ts';
import { caseDetailFor } from '../../case-views.ts';
import type { CallerCall } from '../../endpoint.ts';
import { timeOf } from '../../time.ts';
import type { RouteDeps } from '../deps.ts';
import { chainsOf } from './chains.ts';
import { evidenceIndex, HOW_TO } from './evidence-index.ts';

type Call = CallerCall<unknown, unknown, unknown>;

export interface Evidence {
  /** Of the file, in plain ASCII. */
  readonly name: string;
  readonly content: Buffer;
  /** Of the content, in hex. */
  readonly sha256: string;
}

export const DIGESTS = 'SHA256SUMS';

/** Everything that is kept of a case in one ZIP, so that it can be looked into without the platform. */
export async function evidenceOf(deps: RouteDeps, row: CaseRow, call: Call): Promise<Evidence> {
  const parts = await partsOf(deps, row, call);
  // As sha256sum writes and checks it.
  const sums = Object.entries(parts).map(([path, text]) => `${sha256(text)}  ${path}\n`);
  const zip = new JSZip();
  for (const [path, text] of Object.entries({ ...parts, [DIGESTS]: sums.join('') })) {
    zip.file(path, text, { date: row.updatedAt });
  }
  const content = await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
  return { name: `evidence-${row.number.replaceAll(/[^\w-]/g, '')}.zip`, content, sha256: sha256(content) };
}

/** Every part of the evidence but its digests, by its path. */
async function partsOf(deps: RouteDeps, row: CaseRow, call: Call): Promise<Record<string, string>> {
  const { db, engine } = deps;
  const [events, forms, grants, histories, detail, chains] = await Promise.all([
    eventsOf(db, row.id),
    formsOfCase(db, row.id),
    grantsKept(db, row.id),
    engine.histories(row.kind, row.id),
    caseDetailFor(deps, row, call),
    chainsOf(db, row),
  ]);
  const entries = events.map(({ seq, commandId, event }) => ({ seq, commandId, event: event as CaseEvent }));
  const decisions = decisionsOf(entries);
  const names = await namesOfPeople(
    db,
    decisions.map(({ actor }) => actor),
  );
  const parts: Record<string, string> = {
    'HOW-TO-VERIFY.md': HOW_TO,
    'case.json': json({ ...detail, actions: [] }),
    'events.jsonl': events
      .map((event) => `${JSON.stringify({ ...event, recordedAt: timeOf(event.recordedAt) })}\n`)
      .join(''),
    'decisions.json': json(decisions.map((one) => ({ ...one, name: names.get(one.actor) ?? one.actor }))),
    'route.json': json(row.state.route),
    'calendar.json': json(row.state.calendar),
    'chains.json': json(chains),
  };
  for (const form of forms) {
    parts[`forms/${form.version}-${form.digest.slice(0, 12)}.json`] = json({
      ...form,
      createdAt: timeOf(form.createdAt),
    });
  }
  for (const [index, history] of (histories ?? []).entries()) parts[`history/run-${index + 1}.json`] = history;
  for (const { manifests, lines, entry: _, ...grant } of grants) {
    parts[`grants/${grant.number}.json`] = json(grant);
    parts[`grants/${grant.number}.lines.json`] = json(lines);
    for (const [index, kept] of manifests.entries()) parts[`manifests/${grant.number}/${index + 1}.json`] = json(kept);
  }
  const departments = new Map((await deps.departments()).map(({ id, name }) => [id, name]));
  return {
    'index.html': evidenceIndex({
      row,
      decisions,
      parts: Object.entries(parts).map(([path, text]) => ({
        path,
        bytes: Buffer.byteLength(text),
        sha256: sha256(text),
      })),
      chains,
      hasHistory: histories !== undefined,
      names,
      departments,
      by: { name: call.caller.name, at: call.at },
    }),
    ...parts,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
