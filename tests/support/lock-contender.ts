import { lockDataDir } from '../../embedded/lock.ts';

/** Tries to take the lock of the folder named on the command line, says how it went and stays until it is killed. */
try {
  lockDataDir(process.argv[2] ?? '');
  process.stdout.write('won');
} catch (error) {
  process.stdout.write(`lost: ${(error as Error).message}`);
}
process.stdin.resume();
