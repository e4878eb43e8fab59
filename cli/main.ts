import { runCli } from './run.ts';
import { readEnvironment } from './environment.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  environment: readEnvironment(),
  streams: {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stdout.isTTY === true,
  },
});
