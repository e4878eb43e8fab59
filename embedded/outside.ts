import { Connection } from '@temporalio/client';
import pg from 'pg';
import type { StartConfig } from '../config.ts';
import { SetUpError, type Words } from './set-up-error.ts';

/** A server that says nothing is waited for this long. */
const ANSWERS_WITHIN_MS = 10_000;
/** gRPC's code for a namespace that is not there. */
const NOT_FOUND = 5;

/**
 * Asks the servers that settings name, before anything is started: whoever mistyped an address is told which one.
 * @throws {SetUpError} naming every setting whose server does not answer as it must; passwords are not repeated
 */
export async function askServers(config: StartConfig): Promise<void> {
  const { databaseUrl, departmentsDatabaseUrl, temporalAddress, temporalNamespace, seed } = config;
  const faults = await Promise.all([
    databaseUrl === undefined ? undefined : faultOfDatabase('SANTONG_DATABASE_URL', databaseUrl),
    // Only seeding goes there.
    departmentsDatabaseUrl === undefined || seed === 'none'
      ? undefined
      : faultOfDatabase('SANTONG_DEPARTMENTS_DATABASE_URL', departmentsDatabaseUrl),
    temporalAddress === undefined ? undefined : faultOfTemporal(temporalAddress, temporalNamespace),
  ]);
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length === 0) return;
  throw new SetUpError(
    [found.map(([zh]) => zh).join('\n'), found.map(([, en]) => en).join('\n')],
    [
      [
        '启动该服务器，或修正该设置，然后重新启动三通',
        'start that server, or mend the setting, and start Santong again',
      ],
      ['不设置它：由三通自行启动该服务器', 'leave the setting out: then Santong starts that server itself'],
    ],
  );
}

async function faultOfDatabase(setting: string, url: string): Promise<Words | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWERS_WITHIN_MS });
  // A connection that breaks between connecting and ending is told here; unheard, it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    const said = reasonOf(error);
    const at = `${client.host}:${client.port}`;
    return [
      `无法连接 ${setting} 指定的 PostgreSQL（${at}）：${said}`,
      `The PostgreSQL at ${at}, which ${setting} names, does not let us in: ${said}`,
    ];
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function faultOfTemporal(address: string, namespace: string): Promise<Words | undefined> {
  let connection: Connection | undefined;
  try {
    const connected = await Connection.connect({ address, connectTimeout: ANSWERS_WITHIN_MS });
    connection = connected;
    await connected.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
      connected.workflowService.describeNamespace({ namespace }),
    );
    return undefined;
  } catch (error) {
    if (connection === undefined) {
      const said = reasonOf(error);
      return [
        `SANTONG_TEMPORAL_ADDRESS 指定的 Temporal 服务器（${address}）没有应答：${said}`,
        `The Temporal server at ${address}, which SANTONG_TEMPORAL_ADDRESS names, does not answer: ${said}`,
      ];
    }
    // A server may well refuse to describe what it lets us use.
    if ((error as { code?: number }).code !== NOT_FOUND) return undefined;
    return [
      `Temporal 服务器（${address}）上没有命名空间 ${namespace}（由 SANTONG_TEMPORAL_NAMESPACE 指定）。`,
      `The Temporal server at ${address} has no namespace ${namespace}, which SANTONG_TEMPORAL_NAMESPACE names.`,
    ];
  } finally {
    await connection?.close();
  }
}

/** Of a host with several addresses each was tried: the error itself says nothing then. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((one: Error) => one.message).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
