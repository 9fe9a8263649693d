import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { compileLayout, target } from '../../infra/build/compile-mail.mjs';

test('what mail is put into was made of the layout as it is now: npm run mail', async () => {
  expect(readFileSync(target, 'utf8') === (await compileLayout())).toBe(true);
});
