import { pathToFileURL } from 'node:url';
import { loadConfig, settingsOrEnd } from '../config.ts';
import { openDatabase } from './database.ts';
import * as platform from './migrations/001_platform.ts';
import * as calendar from './migrations/002_calendar.ts';
import * as notices from './migrations/003_notices.ts';
import * as seats from './migrations/004_seats.ts';
import * as routes from './migrations/005_routes.ts';
import * as statistics from './migrations/007_statistics.ts';
import * as caseLists from './migrations/008_case_lists.ts';
import * as staff from './migrations/009_staff.ts';
import * as catalogueDrafts from './migrations/010_catalogue_drafts.ts';
import * as publication from './migrations/011_publication.ts';
import * as catalogueFiles from './migrations/012_catalogue_files.ts';
import * as catalogueSearch from './migrations/013_catalogue_search.ts';
import * as catalogueSubscriptions from './migrations/013_catalogue_subscriptions.ts';
import * as needs from './migrations/013_needs.ts';
import * as dataSources from './migrations/014_data_sources.ts';
import * as drifts from './migrations/014_drifts.ts';
import * as catalogueChanges from './migrations/015_catalogue_changes.ts';
import * as reconciliation from './migrations/016_reconciliation.ts';
import * as catalogueSearchKinds from './migrations/017_catalogue_search_kinds.ts';
import * as sharingLines from './migrations/018_sharing_lines.ts';
import * as deliveryFiles from './migrations/019_delivery_files.ts';
import * as transferTurns from './migrations/020_transfer_turns.ts';
import * as monitoring from './migrations/021_monitoring.ts';
import * as gateway from './migrations/022_gateway.ts';
import * as mysqlSources from './migrations/023_mysql_sources.ts';
import * as shareRequestDrafts from './migrations/025_share_request_drafts.ts';
import * as entryUse from './migrations/026_entry_use.ts';
import * as audit from './migrations/028_audit.ts';
import * as directory from './migrations/029_directory.ts';
import * as articles from './migrations/030_articles.ts';
import * as sessions from './migrations/031_sessions.ts';
import { indexMissing } from './catalogue-search.ts';
import { rebuildIfReshaped } from './rebuild.ts';
import { publishRoutes } from './routes.ts';

/** Migrations in the order in which they run, by the name under which a database remembers them. */
const MIGRATIONS = {
  '001_platform': platform,
  '002_calendar': calendar,
  '003_notices': notices,
  '004_seats': seats,
  '005_routes': routes,
  '007_statistics': statistics,
  '008_case_lists': caseLists,
  '009_staff': staff,
  '010_catalogue_drafts': catalogueDrafts,
  '011_publication': publication,
  '012_catalogue_files': catalogueFiles,
  '013_catalogue_search': catalogueSearch,
  '013_catalogue_subscriptions': catalogueSubscriptions,
  '013_needs': needs,
  '014_data_sources': dataSources,
  '014_drifts': drifts,
  '015_catalogue_changes': catalogueChanges,
  '016_reconciliation': reconciliation,
  '017_catalogue_search_kinds': catalogueSearchKinds,
  '018_sharing_lines': sharingLines,
  '019_delivery_files': deliveryFiles,
  '020_transfer_turns': transferTurns,
  '021_monitoring': monitoring,
  '022_gateway': gateway,
  '023_mysql_sources': mysqlSources,
  '025_share_request_drafts': shareRequestDrafts,
  '026_entry_use': entryUse,
  '028_audit': audit,
  '029_directory': directory,
  '030_articles': articles,
  '031_sessions': sessions,
} as const;

type Name = keyof typeof MIGRATIONS;

/** Named in code, so that the built product finds the same ones under the same names as the sources do. */
const source = {
  getMigrations: async (): Promise<Name[]> => Object.keys(MIGRATIONS) as Name[],
  getMigrationName: (name: Name): string => name,
  getMigration: async (name: Name) => ({ ...MIGRATIONS[name], down: refuseToGoBack }),
};

/** Knex asks every migration for a way back; there is one for none. */
async function refuseToGoBack(): Promise<void> {
  throw new Error('Migrations go forward only: restore a backup to go back.');
}

/** Brings a platform database forward to this version and publishes the routes it ships. Safe to run at any time. */
export async function migrate(databaseUrl: string): Promise<void> {
  const knex = openDatabase(databaseUrl, { max: 2 });
  try {
    await knex.migrate.latest({ migrationSource: source });
    await rebuildIfReshaped(knex);
    await indexMissing(knex);
    await publishRoutes(knex);
  } finally {
    await knex.destroy();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await migrate(settingsOrEnd(() => loadConfig(process.env)).databaseUrl);
}
