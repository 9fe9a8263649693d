import { describe, expect, test } from '@jest/globals';
import type { CustomMessageEvent } from './event.ts';
import { writeCustomMessage } from './handler.ts';

const MAX_SUBJECT = 140;
const MAX_MESSAGE = 20_000;

function asked(
  triggerSource: string,
  over: Partial<CustomMessageEvent['request']> = {},
): CustomMessageEvent {
  return {
    triggerSource,
    request: { userAttributes: {}, codeParameter: '{####}', ...over },
    response: { emailSubject: null, emailMessage: null },
  };
}

describe('the mail with a code', () => {
  test.each([
    'SignUp',
    'ResendCode',
    'ForgotPassword',
    'UpdateUserAttribute',
    'VerifyUserAttribute',
  ])('has the place for it, and fits into what Cognito takes: %s', (source) => {
    for (const locale of ['de', 'en', 'pt']) {
      const clientMetadata = { locale };
      const { response } = writeCustomMessage(asked(`CustomMessage_${source}`, { clientMetadata }));
      expect(response.emailMessage).toMatch(/>\s*\{####\}\s*</);
      expect(response.emailMessage?.length).toBeLessThan(MAX_MESSAGE);
      expect(response.emailSubject?.length).toBeLessThan(MAX_SUBJECT);
    }
  });

  test('is in the language that the app tells, else the account’s, else English', () => {
    const subjectOf = (over: Partial<CustomMessageEvent['request']>) =>
      writeCustomMessage(asked('CustomMessage_SignUp', over)).response.emailSubject;
    const userAttributes = { locale: 'pt' };
    expect(subjectOf({ userAttributes, clientMetadata: { locale: 'de-AT' } })).toBe(
      'Ihr Code für Regulars',
    );
    expect(subjectOf({ userAttributes })).toBe('O seu código: Regulars');
    expect(subjectOf({ clientMetadata: null })).toBe('Your code for Regulars');
  });

  test('what else a pool sends stays as the pool has it', () => {
    for (const event of [
      asked('CustomMessage_Authentication'),
      asked('CustomMessage_SignUp', { codeParameter: null }),
    ]) {
      expect(writeCustomMessage(event)).toBe(event);
    }
  });
});
