import fc from 'fast-check';

/**
 * Property tests draw the same examples every time, so that a change is judged by what it changed. SANTONG_SEED explores
 * others: a number, or `random`. A counterexample prints its seed either way.
 */
const { SANTONG_SEED: asked } = process.env;
const seed = asked === 'random' ? Date.now() : Number(asked ?? 20_261_125);
if (!Number.isSafeInteger(seed)) throw new Error(`SANTONG_SEED is a whole number or random, not ${asked}`);
fc.configureGlobal({ seed });
