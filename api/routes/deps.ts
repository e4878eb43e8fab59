import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { SignOnSettings } from '../../config-parts.ts';
import type { Process } from '../../domain/process.ts';
import type { Department } from '../../store/departments.ts';
import type { AddressGuard } from '../../notices/addresses.ts';
import type { FileDestination } from '../../domain/file-delivery.ts';
import type { Looker } from '../../sources/looker.ts';
import type { CatalogueImporter } from '../catalogue-importer.ts';
import type { CommandRunner } from '../command-runner.ts';
import type { Engine } from '../engine.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Feed } from '../feed.ts';
import type { ApiMetrics } from '../../metrics/api.ts';
import type { Meter } from '../../metrics/registry.ts';
import type { Mounts } from '../mounts.ts';
import type { Policies } from '../reach.ts';
import type { Reconciler } from '../reconciliation/reconciler.ts';
import type { Migrator } from '../route-migrations.ts';

/** What is needed to reach other systems: to tell them of events, to look into what departments hold. */
export interface Outside {
  /** 32 bytes: seals the webhooks' secrets and how sources are reached. */
  readonly secretKey: Uint8Array;
  /** Networks (CIDR) that webhooks may go to besides public addresses. */
  readonly webhookNetworks: readonly string[];
  readonly publicUrl?: string;
  /** The OpenID provider that people may log in by; absent: they have passwords alone. */
  readonly signOn?: SignOnSettings;
  /** Networks (CIDR) that data sources of departments may be in besides public addresses. */
  readonly sourceNetworks: readonly string[];
  /** Under which each department has a folder of files for the catalogue; absent: there are none. */
  readonly sourceFolders?: string;
  /** Where files can be delivered to. */
  readonly destinations: readonly FileDestination[];
  /** What whoever reads the metrics has to show; absent: they are for this machine alone. */
  readonly metricsToken?: string;
}

/** What the routes are given. */
export interface RouteDeps {
  readonly db: Knex;
  readonly engine: Engine;
  readonly policies: Policies;
  readonly logger: Logger;
  readonly commands: CommandRunner;
  readonly moving: Migrator;
  readonly importing: Pick<CatalogueImporter, 'wake'>;
  readonly reconciling: Pick<Reconciler, 'wake'>;
  readonly feed: Feed;
  /** Answers calls of granted services. */
  readonly gateway: Gateway;
  readonly outside: Outside;
  /** Looks into departments’ sources. */
  readonly looker: Looker;
  readonly mounts: Mounts;
  /** Which addresses sources that departments register may have. */
  readonly sourceGuard: AddressGuard;
  /** Those that cases can be filed of. */
  readonly processes: readonly Process[];
  /** Their names, as remembered for a few seconds: almost every answer shows some. */
  readonly departments: () => Promise<readonly Department[]>;
  readonly metrics: ApiMetrics;
  /** For what measures something of its own, and for whoever reads all of it. */
  readonly meter: Meter;
}
