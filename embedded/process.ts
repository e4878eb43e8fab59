import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as it can be told apart from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the system's own unit: clock ticks since boot, or a date where there is no /proc. */
  readonly startedAt: string;
}

export interface Running extends ProcessIdentity {
  readonly child: ChildProcess;
  /** Settles when the process has ended, however it ended; never rejects. */
  readonly exited: Promise<string>;
}

export interface LaunchOptions extends Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> {
  /** Standard output and error are appended here by the process itself, so that they survive whoever started it. */
  readonly logFile: string;
  /** Whether it is one of ours that speaks over IPC and ends when its starter is gone. */
  readonly ipc?: boolean;
}

/** Starts a program in a process group of its own: Ctrl-C at the terminal reaches only the supervisor, which stops the rest in order. */
export async function launch(program: string, args: readonly string[], options: LaunchOptions): Promise<Running> {
  const { logFile, ipc, ...rest } = options;
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(program, args, {
    ...rest,
    detached: true,
    stdio: ipc === true ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
  });
  closeSync(log);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
  if (child.pid === undefined) throw new Error(`${program} ${await exited}`);
  return { child, exited, pid: child.pid, startedAt: startOf(child.pid) ?? 'unknown' };
}

/** Asks a process we started to end, and kills its group when it has not within the time. */
export async function stop(running: Running, signal: NodeJS.Signals, timeoutMs: number): Promise<void> {
  signalPid(running.pid, signal, running.child);
  if (await settlesWithin(running.exited, timeoutMs)) return;
  signalPid(-running.pid, 'SIGKILL');
  await running.exited;
}

/** When the process began, or undefined when there is none or only a zombie of it. */
export function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  try {
    if (existsSync('/proc/self/stat')) {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in parentheses may hold spaces and parentheses itself; the state is the first field after it, the start the 20th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
    }
    const [state, ...started] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : started.join(' ');
  } catch {
    return undefined;
  }
}

/** Whether exactly this process still runs: a number alone proves nothing. */
export function isRunning(identity: ProcessIdentity): boolean {
  return startOf(identity.pid) === identity.startedAt;
}

/** The program file of a process, where the system tells. */
export function executableOf(pid: number): string | undefined {
  return link(`/proc/${pid}/exe`) ?? command(pid)?.[0];
}

/** The working directory of a process, where the system tells. */
export function workingDirectoryOf(pid: number): string | undefined {
  return link(`/proc/${pid}/cwd`);
}

/** The processes whose command line contains this argument; none where there is no /proc. */
export function processesWithArgument(argument: string): readonly ProcessIdentity[] {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid && command(pid)?.includes(argument))
    .flatMap((pid) => {
      const startedAt = startOf(pid);
      return startedAt === undefined ? [] : [{ pid, startedAt }];
    });
}

/** Ends processes that an earlier start left behind. Each is looked at again right before it is signalled. */
export async function endAll(
  identities: readonly ProcessIdentity[],
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<void> {
  const send = (name: NodeJS.Signals) => {
    for (const identity of identities) if (isRunning(identity)) signalPid(identity.pid, name);
  };
  send(signal);
  const deadline = Date.now() + timeoutMs;
  while (identities.some(isRunning) && Date.now() < deadline) await sleep(25);
  send('SIGKILL');
  while (identities.some(isRunning)) await sleep(25);
}

async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const abort = new AbortController();
  const late = sleep(ms, false, { signal: abort.signal }).catch(() => false);
  const inTime = await Promise.race([promise.then(() => true), late]);
  abort.abort();
  return inTime;
}

function signalPid(pid: number, signal: NodeJS.Signals, child?: ChildProcess): void {
  try {
    if (child === undefined) process.kill(pid, signal);
    else child.kill(signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function command(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return undefined;
  }
}
