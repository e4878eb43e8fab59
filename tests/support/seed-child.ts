// Seeds in a process of its own, which a test can kill: node --import ./tests/support/typescript.mjs seed-child.ts '{…}'
import knex from 'knex';
import { seed } from '../../seed.ts';
import { databaseOf } from '../../seed/departments.ts';

/** What a test tells this process, as JSON in its only argument. */
export interface SeedChildOrder {
  readonly platformUrl: string;
  readonly departmentsAdminUrl: string;
  readonly secretKey: string;
  readonly dataDir: string;
  readonly suffix: string;
}

const order = JSON.parse(process.argv[2] ?? '{}') as SeedChildOrder;
const platform = knex({ client: 'pg', connection: order.platformUrl, pool: { min: 0, max: 2 } });
await seed({
  platform,
  departmentsAdminUrl: order.departmentsAdminUrl,
  secretKey: Buffer.from(order.secretKey, 'base64'),
  dataDir: order.dataDir,
  databaseName: (department) => databaseOf(department) + order.suffix,
});
await platform.destroy();
