import * as fc from 'fast-check';

/**
 * The same random cases in every run, so that a change, not luck, is what makes a test fail.
 * `RANDOM_SEED=new` looks for cases nobody has seen; `RANDOM_SEED=<number>` does one such run again.
 */
const { RANDOM_SEED = '20' } = process.env;
const seed = RANDOM_SEED === 'new' ? undefined : Number(RANDOM_SEED);
if (Number.isNaN(seed)) throw new Error('RANDOM_SEED is a number, or new');
fc.configureGlobal(seed === undefined ? {} : { seed });
