import type { Knex } from 'knex';
import pg from 'pg';

/** What PostgreSQL says of one step of a plan. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** A connection of its own on which plans are asked for. */
export async function openExplainer(url: string): Promise<pg.Client> {
  const explainer = new pg.Client({ connectionString: url });
  await explainer.connect();
  return explainer;
}

/** The steps by which the server answers what `ask` asks, under the settings that it makes for itself. */
export async function stepsOf(knex: Knex, explainer: pg.Client, ask: () => Promise<unknown>): Promise<PlanNode[]> {
  const sent: { sql: string; bindings: unknown[] }[] = [];
  const listen = (query: { sql: string; bindings: unknown[] }): void => void sent.push(query);
  knex.on('query', listen);
  await ask();
  knex.removeListener('query', listen);
  const steps: PlanNode[] = [];
  for (const { sql, bindings } of sent) {
    // Transactions and what is set within them: as they are. They begin and end here as they do there.
    if (!/^\s*(?:select|with)\b/i.test(sql)) {
      await explainer.query(sql, bindings);
      continue;
    }
    const { rows } = await explainer.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (format json) ${sql}`,
      bindings,
    );
    for (const row of rows) steps.push(...nodesOf(row['QUERY PLAN'][0].Plan));
  }
  return steps;
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}
