import { projectRoot } from '../../config.ts';
import { runCli } from '../../cli/run.ts';

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  /** Standard output as the one JSON document that it must be. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into documents of every shape
  readonly json: any;
}

export interface CliPlace {
  readonly dataDir: string;
  readonly url?: string;
  /** The environment that a command hands on to what it starts. */
  readonly inherited?: Readonly<Record<string, string | undefined>>;
}

/** Runs a command line in this process, against the platform at `url`, without a terminal. */
export async function santong({ dataDir, url, inherited = {} }: CliPlace, ...args: readonly string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const exit = await runCli(args, {
    environment: { root: projectRoot, dataDir, inherited, ...(url === undefined ? {} : { url }) },
    streams: { out: (text) => (out += text), err: (text) => (err += text), isTerminal: false },
  });
  return {
    ...{ exit, out, err },
    get json() {
      return JSON.parse(out) as unknown;
    },
  };
}
