import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { explainDisk } from './disk.ts';
import { faultOf, freePort } from './free-port.ts';
import { portRefused } from './ports.ts';
import { tail } from './postgres.ts';
import { type Running, endAll, launch, processesWithArgument, stop } from './process.ts';
import { ProgramFailed, readLog } from './set-up-error.ts';

export interface TemporalOptions {
  readonly program: string;
  readonly logFile: string;
  readonly namespace: string;
  /** Where histories are kept; absent: in memory, for tests. */
  readonly databaseFile?: string;
  /** Absent: a free one is chosen. */
  readonly port?: number;
  /** Absent: a free one is chosen; false: no UI. */
  readonly uiPort?: number | false;
  /** How long the server keeps a closed case's history, in days. It must be archived before (docs/architecture.md). */
  readonly retentionDays: number;
}

export interface Temporal {
  readonly process: Running;
  readonly address: string;
  readonly uiUrl?: string;
  stop(): Promise<void>;
}

/**
 * Starts the real Temporal server and waits until it answers for the namespace. What it has acknowledged is on the disk:
 * with `synchronous=normal` a power cut could take back what the platform's database already knows of.
 * A server that an earlier start left running on the same file is stopped first, for it takes no lock itself.
 * @throws {SetUpError} when it does not come up, with the end of its log
 */
export async function startTemporal(options: TemporalOptions): Promise<Temporal> {
  const { databaseFile, port, logFile } = options;
  if (databaseFile !== undefined) await endAll(processesWithArgument(databaseFile), 'SIGTERM', 15_000);
  const fault = port === undefined ? undefined : await faultOf(port, '127.0.0.1');
  if (port !== undefined && fault !== undefined) throw portRefused('SANTONG_TEMPORAL_PORT', port, fault);
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryStart(options);
    if (typeof started !== 'string') return started;
    // A port that was free may have been taken in the meantime; after kill -9 the file may still be recovering.
    if (attempt >= 3) {
      const failed = new ProgramFailed(
        [`Temporal 服务器无法启动（${started}）。`, `The Temporal server does not start (${started}).`],
        [readLog(logFile)],
        tail(logFile),
      );
      throw explainDisk(failed, logFile);
    }
    await sleep(250 * attempt);
  }
}

/** The running server, or why it ended. */
async function tryStart(options: TemporalOptions): Promise<Temporal | string> {
  const { program, logFile, namespace, databaseFile, retentionDays } = options;
  const port = options.port ?? (await freePort());
  const uiPort = options.uiPort === false ? undefined : (options.uiPort ?? (await freePort()));
  const running = await launch(
    program,
    [
      ...[
        'server',
        'start-dev',
        '--ip',
        '127.0.0.1',
        '--port',
        String(port),
        '--log-level',
        'error',
        '--log-format',
        'json',
      ],
      ...(databaseFile === undefined ? [] : ['--db-filename', databaseFile]),
      ...(databaseFile === undefined
        ? []
        : ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=full']),
      ...(uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
      ...(namespace === 'default' ? [] : ['--namespace', namespace]),
    ],
    { cwd: '/', logFile },
  );
  let ended: string | undefined;
  void running.exited.then((how) => (ended = how));
  const address = `127.0.0.1:${port}`;
  const deadline = Date.now() + 90_000;
  while (ended === undefined) {
    if (await makeReady(address, namespace, retentionDays)) {
      const ui = uiPort === undefined ? {} : { uiUrl: `http://127.0.0.1:${uiPort}` };
      return { process: running, address, ...ui, stop: () => stop(running, 'SIGTERM', 20_000) };
    }
    if (Date.now() > deadline) {
      await stop(running, 'SIGTERM', 5_000);
      return 'it does not answer';
    }
    await sleep(50);
  }
  return ended;
}

/** Whether the server answers for the namespace, whose retention has no flag and is set here, at every start. */
async function makeReady(address: string, namespace: string, retentionDays: number): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    const connected = await Connection.connect({ address, connectTimeout: 1_000 });
    connection = connected;
    await connected.withDeadline(Date.now() + 5_000, async () => {
      await connected.workflowService.describeNamespace({ namespace });
      await connected.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: { seconds: (retentionDays * 86_400) as never, nanos: 0 } },
      });
    });
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}
