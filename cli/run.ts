import { type Command, CommanderError } from 'commander';
import type { Adding, Context } from './context.ts';
import type { Environment } from './environment.ts';
import { EXIT, type ExitName } from './exit-codes.ts';
import { Failure, failureJson, failureLines } from './failure.ts';
import { languageIn, sayIn } from './language.ts';
import { createOutput, type Streams } from './output.ts';
import { createPlatform, type Whom } from './platform.ts';
import { createProgram } from './program.ts';
import { usageFaultZh } from './usage-words.ts';

export interface Surroundings {
  readonly environment: Environment;
  readonly streams: Streams;
}

type Options = Whom & { readonly json?: boolean };

/** Runs one command line and gives the number to end with. Nothing is thrown, and nothing ends the process. */
export async function runCli(args: readonly string[], { environment, streams }: Surroundings): Promise<number> {
  const language = languageIn(args);
  const say = sayIn(language);
  let ended: ExitName = 'done';

  const act: Adding['act'] = (work) =>
    async function action(this: Command): Promise<void> {
      const options = this.optsWithGlobals<Options & Parameters<typeof work>[1]>();
      const output = createOutput(streams, { json: options.json === true, language });
      const context: Context = { environment, output, platform: createPlatform(environment, options, language) };
      ended = (await work(context, options, ...this.processedArgs.map((arg) => arg as string))) ?? 'done';
    };

  try {
    await createProgram({ say, act, streams }).parseAsync([...args], { from: 'user' });
    return EXIT[ended];
  } catch (error) {
    if (error instanceof CommanderError) {
      const isHelp = error.exitCode === 0 || error.code === 'commander.help';
      if (!isHelp) report(new Failure('usage', usageMessage(error)));
      return isHelp && error.exitCode === 0 ? EXIT.done : EXIT.usage;
    }
    if (!(error instanceof Failure)) {
      report(new Failure('unexpected', error instanceof Error ? (error.stack ?? error.message) : String(error)));
      return EXIT.unexpected;
    }
    report(error);
    return EXIT[error.exit];
  }

  function usageMessage(error: CommanderError): string {
    const detail = error.message.replace(/^error: /, '');
    return say(
      `用法有误：${usageFaultZh(error)}。santong --help 列出全部命令。`,
      `Usage: ${detail}. santong --help lists every command.`,
    );
  }

  /** To people on standard error; with `--json` also as the one document on standard output. */
  function report(failure: Failure): void {
    for (const line of failureLines(failure, say)) streams.err(`${line}\n`);
    if (args.includes('--json')) streams.out(`${JSON.stringify(failureJson(failure), undefined, 2)}\n`);
  }
}
