// Lets plain Node run the TypeScript sources, for the processes that tests start: node --import ./tests/support/typescript.mjs FILE.ts
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
