import { describe, expect, test } from '@jest/globals';
import { NOBODY } from '../customers/customer.ts';
import { claimedProfile, newProfile } from './join.ts';

const email = 'guest@cafe.example';
const phone = '+351912345678';
const free = () => false;

test('somebody new is reached where they proved to be', () => {
  expect(newProfile({ name: 'A guest' }, { email })).toEqual({ ...NOBODY, name: 'A guest', email });
});

describe('whoever claims the record that a till made', () => {
  test('adds to it what they proved and what they tell', () => {
    const known = { ...NOBODY, phone };
    expect(claimedProfile(known, { name: 'A guest' }, { email, phone }, free)).toEqual({
      ...known,
      name: 'A guest',
      email,
    });
  });

  test('keeps what they do not speak of', () => {
    const known = { ...NOBODY, email, name: 'Guest', consents: { emailMarketing: false } };
    expect(claimedProfile(known, {}, { email }, free)).toEqual(known);
  });

  test('does not take over a contact: not one that was written down, not one that another has', () => {
    const known = { ...NOBODY, email, phone: '+351911111111' };
    expect(claimedProfile(known, {}, { email, phone }, free).phone).toBe('+351911111111');
    expect(claimedProfile({ ...NOBODY, phone }, {}, { email }, () => true).email).toBeNull();
  });
});
