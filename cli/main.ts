import { runCli } from './run.ts';
import { readEnvironment } from './environment.ts';

// Whoever reads may stop reading (`| head`): the command still goes on to its end, and stops what it started.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  environment: readEnvironment(),
  streams: {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stdout.isTTY === true,
  },
});
