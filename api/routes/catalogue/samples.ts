import { z } from 'zod';
import { dateIn } from '../../../domain/calendar.ts';
import { isOnTable } from '../../../domain/catalogue.ts';
import { sharingAskOf } from '../../../domain/sharing.ts';
import { SourceFailure } from '../../../sources/failure.ts';
import { sourcePool } from '../../../sources/pool.ts';
import { columnsOf } from '../../../sources/postgresql/columns.ts';
import { pseudonymsOf } from '../../../sources/pseudonyms.ts';
import { pageOfRows, requireFit, SourceChanged } from '../../../sources/service-rows.ts';
import { findEntry } from '../../../store/catalogue.ts';
import { openableSource } from '../../../store/data-sources.ts';
import { listGrants } from '../../../store/grants.ts';
import { linesFor } from '../../../store/sharing-lines.ts';
import { grantWithEntry } from '../../../store/transfers.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { idParams } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';

const MOST_ROWS = 5;
const STATEMENT_MS = 5_000;

const samples = z
  .object({
    grantId: z.string(),
    items: z.array(z.string()),
    rows: z
      .array(z.record(z.string(), z.unknown()))
      .nullable()
      .meta({ description: 'Null: the source is of a kind that gives no samples.' }),
  })
  .meta({ id: 'EntrySamples' });

/** A few rows as they are delivered, for a department that may have them already: its live right over the entry decides. */
export function entrySampleEndpoints({ db, policies, outside, sourceGuard, logger }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/catalogue/:id/samples',
      tag: 'catalogue',
      summary: 'At most five rows, masked as granted, for a department with a live right over the entry',
      access: { object: 'share-request', action: 'file' },
      params: idParams,
      answers: { 200: samples },
      async handle({ params, actor, at, requestId }) {
        if (!(await findEntry(db, params.id))) throw new Problem('NotFound');
        const { department } = actor;
        const [held] = (
          await listGrants(db, {
            viewer: { all: false, department },
            filter: { entry: params.id, requester: department, status: 'active' },
            page: { limit: 1 },
          })
        ).items;
        if (!held) throw new Problem('NotAllowed');
        const { grant, entry } = await grantWithEntry(db, held.id);
        const lines = await linesFor(db, department, grant.entryId);
        if (!policies.mayShare(lines, sharingAskOf(grant, entry, dateIn(at))).allowed) throw new Problem('NotAllowed');
        const shown = { grantId: grant.id, items: grant.items };
        const { mount } = entry;
        const source =
          mount && (await openableSource(db, { id: mount.sourceId, department: entry.provider }, outside.secretKey));
        if (!isOnTable(entry) || source?.connection.kind !== 'postgresql') {
          return { status: 200, body: { ...shown, rows: null } };
        }
        // Whatever leaves is on record, also what is only looked at.
        logger.info({ requestId, person: actor.person, grantId: grant.id }, 'samples of an entry were looked at');
        const pool = sourcePool({
          url: source.connection.url,
          most: 1,
          timeoutMs: STATEMENT_MS,
          settings: pseudonymsOf(outside.secretKey, grant.id).settings(),
          ...(source.isTrusted ? {} : { guard: sourceGuard }),
        });
        try {
          const columns = await columnsOf(pool, entry.mount);
          requireFit(columns, { grant, entry });
          const query = { items: grant.items, conditions: [], limit: MOST_ROWS };
          const page = await pageOfRows(pool, { grant, entry, query, columns });
          return { status: 200, body: { ...shown, rows: page.rows.map((row) => JSON.parse(row) as unknown) } };
        } catch (error) {
          if (error instanceof SourceChanged) throw new Problem('SourceFailed', { cause: error });
          if (!(error instanceof SourceFailure)) throw error;
          throw new Problem(error.reason === 'TimedOut' ? 'SourceTimedOut' : 'SourceFailed', { cause: error });
        } finally {
          await pool.end().catch(() => undefined);
        }
      },
    }),
  ];
}
