import { describe, expect, test } from '@jest/globals';
import { changeProfile, nameKeys, NOBODY, searchKey } from './customer.ts';

describe('a name is searched', () => {
  test.each([
    ['Zoë', 'zoe'],
    ['  MARIA   da Silva ', 'maria da silva'],
    ['O’Brien-Smith', 'o brien smith'],
    ['Łukasz Sørensen', 'lukasz sorensen'],
    ['Straße', 'strasse'],
    ['İbrahim', 'ibrahim'],
    ['Ωμέγα', 'ωμεγα'],
    ['…', ''],
  ])('%s as "%s"', (name, key) => {
    expect(searchKey(name)).toBe(key);
  });

  test('from each of its words on, at most six, cut to 60 letters', () => {
    expect(nameKeys('Maria da Silva')).toEqual(['maria da silva', 'da silva', 'silva']);
    expect(nameKeys('Ana Ana')).toEqual(['ana ana', 'ana']);
    expect(nameKeys(null)).toEqual([]);
    expect(nameKeys('a b c d e f g h')).toHaveLength(6);
    expect(nameKeys('x'.repeat(120))).toEqual(['x'.repeat(60)]);
  });
});

describe('a change of a profile', () => {
  const ana = {
    ...NOBODY,
    name: 'Ana',
    consents: { emailMarketing: true },
    externalIds: { shopify: '1', square: '2' },
  };

  test('keeps what it leaves out and empties what it sets to null', () => {
    expect(changeProfile(ana, { phone: '+351912345678' })).toEqual({
      ...ana,
      phone: '+351912345678',
    });
    expect(changeProfile(ana, { name: null })).toEqual({ ...ana, name: null });
  });

  test('changes consents and external ids one by one', () => {
    const changed = changeProfile(ana, {
      consents: { profiling: false },
      externalIds: { shopify: null, square: '3' },
    });
    expect(changed.consents).toEqual({ emailMarketing: true, profiling: false });
    expect(changed.externalIds).toEqual({ square: '3' });
  });
});
