import { describe, expect, test } from '@jest/globals';
import { anId, deterministicIds } from '../../tests/builders/domain.ts';
import { idPattern } from './ids.ts';

describe('idPattern', () => {
  const digits = '01h2xcejqtf2nbrexx3vqjhp41';

  test.each([`crd_${digits}`, `crd_0${'0'.repeat(25)}`, `crd_7${'z'.repeat(25)}`])(
    '%s is a card id',
    (id) => {
      expect(idPattern('crd').test(id)).toBe(true);
    },
  );

  test.each([
    ['another kind', `lot_${digits}`],
    ['no kind', digits],
    ['a longer kind', `xcrd_${digits}`],
    ['a digit too few', `crd_${digits.slice(1)}`],
    ['a digit too many', `crd_${digits}0`],
    ['beyond 128 bits', `crd_8${'0'.repeat(25)}`],
    ['upper case', `crd_${digits.toUpperCase()}`],
    ['i, which is not in the alphabet', `crd_0i${'0'.repeat(24)}`],
    ['l, which is not in the alphabet', `crd_0l${'0'.repeat(24)}`],
    ['o, which is not in the alphabet', `crd_0o${'0'.repeat(24)}`],
    ['u, which is not in the alphabet', `crd_0u${'0'.repeat(24)}`],
    ['a line break', `crd_${digits}\n`],
    ['nothing', ''],
  ])('%s is no card id', (_, id) => {
    expect(idPattern('crd').test(id)).toBe(false);
  });

  test('the builders make well-formed ids', () => {
    expect(anId('lot', 7)).toMatch(idPattern('lot'));
    expect(deterministicIds().id('rwd')).toMatch(idPattern('rwd'));
  });
});
