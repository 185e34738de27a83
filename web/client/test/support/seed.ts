// SPDX-License-Identifier: Apache-2.0
// Seeds of property tests: printed with every run, and given again by INTERLOCK_TEST_SEED to repeat one.
import type fc from 'fast-check';

const seed = Number(process.env.INTERLOCK_TEST_SEED ?? Date.now() % 2 ** 31);

/** Parameters of a property test; says its seed. */
export function seeded<T>(name: string, numRuns: number): fc.Parameters<T> {
  process.stdout.write(`${name}: INTERLOCK_TEST_SEED=${seed}\n`);
  return { seed, numRuns };
}
