import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { Department } from '../../store/departments.ts';
import type { CommandRunner } from '../command-runner.ts';
import type { Engine } from '../engine.ts';
import type { Policies } from '../reach.ts';
import type { Migrator } from '../route-migrations.ts';

/** What the routes are given. */
export interface RouteDeps {
  readonly db: Knex;
  readonly engine: Engine;
  readonly policies: Policies;
  readonly logger: Logger;
  readonly commands: CommandRunner;
  readonly moving: Migrator;
  /** Their names, as remembered for a few seconds: almost every answer shows some. */
  readonly departments: () => Promise<readonly Department[]>;
}
