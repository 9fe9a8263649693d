import { describe, expect, test } from '@jest/globals';
import { findSupplyFaults, type LockedPackage, type Manifest } from './faults.ts';

const good: LockedPackage = { version: '1.2.3', integrity: 'sha512-abc=' };

function faultsOf(manifest: Manifest, locked: LockedPackage, root: Manifest = manifest): string[] {
  return findSupplyFaults(manifest, { packages: { '': root, 'node_modules/a': locked } });
}

describe('what is installed', () => {
  const wanted = { dependencies: { a: '1.2.3' } };

  test('is what was chosen', () => {
    expect(faultsOf(wanted, good)).toEqual([]);
    const resolved = 'https://registry.npmjs.org/a/-/a-1.2.3.tgz';
    expect(faultsOf(wanted, { ...good, resolved })).toEqual([]);
  });

  test.each<[string, Manifest, LockedPackage, Manifest | undefined, RegExp]>([
    ['floats', { dependencies: { a: '^1.2.3' } }, good, undefined, /not exact/],
    ['is another version', wanted, { ...good, version: '1.2.4' }, undefined, /1\.2\.4 is locked/],
    ['is not locked as it is wanted', wanted, good, {}, /not in step/],
    ['is locked and no longer wanted', {}, good, wanted, /not in step/],
    ['has no hash', wanted, { version: '1.2.3' }, undefined, /no sha512/],
    ['has a weak hash', wanted, { ...good, integrity: 'sha1-abc=' }, undefined, /no sha512/],
    [
      'comes from elsewhere',
      wanted,
      { ...good, resolved: 'https://registry.npmjs.org.evil.example/a.tgz' },
      undefined,
      /not from https/,
    ],
    [
      'runs a script that nobody decided on',
      wanted,
      { ...good, hasInstallScript: true },
      undefined,
      /say true or false/,
    ],
    [
      'has a decision on a script that is gone',
      { ...wanted, allowScripts: { a: true } },
      good,
      undefined,
      /has no install script/,
    ],
  ])('is refused when it %s', (_, manifest, locked, root, fault) => {
    expect(faultsOf(manifest, locked, root)).toEqual([expect.stringMatching(fault)]);
  });

  test('may have a script that was allowed, or refused', () => {
    for (const decision of [true, false]) {
      const manifest = { ...wanted, allowScripts: { a: decision } };
      expect(faultsOf(manifest, { ...good, hasInstallScript: true })).toEqual([]);
    }
  });
});
