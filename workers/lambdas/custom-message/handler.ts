import { tongueFor } from '../../mail/languages/index.ts';
import type { CodePurpose } from '../../mail/languages/texts.ts';
import { frameOf } from '../../mail/frame.ts';
import { render } from '../../mail/render.ts';
import { code } from '../../mail/write.ts';
import type { CustomMessageEvent } from './event.ts';

/** What codes are for, by why the pool sends one. */
const purposes: Readonly<Record<string, CodePurpose>> = {
  CustomMessage_SignUp: 'sign-up',
  CustomMessage_ResendCode: 'sign-up',
  CustomMessage_ForgotPassword: 'new-password',
  CustomMessage_UpdateUserAttribute: 'new-address',
  CustomMessage_VerifyUserAttribute: 'new-address',
};

/** The pools are for the customers of all businesses, so the mail is from none of them. */
const REGULARS = { name: 'Regulars', colour: null, logo: null };

/**
 * Writes the mail in which a user pool sends a code, in the language that the app or the account tells.
 * Anything else that a pool sends stays as the pool has it.
 */
export function writeCustomMessage(event: CustomMessageEvent): CustomMessageEvent {
  const { triggerSource, request } = event;
  const purpose = purposes[triggerSource];
  if (purpose === undefined || !request.codeParameter) return event;
  const told = [request.clientMetadata?.['locale'], request.userAttributes['locale']];
  const tongue = tongueFor(told);
  const content = code(tongue, { purpose, brand: REGULARS.name, code: request.codeParameter });
  const { subject, html } = render(content, frameOf(REGULARS, tongue));
  return { ...event, response: { ...event.response, emailSubject: subject, emailMessage: html } };
}
