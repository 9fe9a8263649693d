/**
 * The only table from code to HTTP status. A code never changes its meaning; its URL is its type.
 */
export const problemTable = {
  'malformed-request': [400, 'The request cannot be read'],
  'malformed-json': [400, 'The body is not JSON'],
  'body-required': [400, 'This request needs a JSON body'],
  'malformed-id': [400, 'An id in the path is not of the right form'],
  'malformed-query': [400, 'A query parameter is not of the right form'],
  'malformed-header': [400, 'A header is not of the right form'],
  'business-required': [400, 'It is not clear which business is meant'],
  unauthenticated: [401, 'Who you are is not known'],
  'sign-in-failed': [401, 'This does not sign anybody in'],
  forbidden: [403, 'You may not do that'],
  'self-award': [403, 'This card is your own'],
  'undo-too-late': [403, 'This is for a manager by now'],
  'not-a-member': [403, 'This business does not know you'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'This path does not take that method'],
  'external-id-taken': [409, 'Another one has this external id'],
  'staff-email-in-use': [409, 'Somebody on the staff has this e-mail'],
  'last-owner': [409, 'The business would have no owner'],
  'too-many-keys': [409, 'This integration has two live keys'],
  'too-many-endpoints': [409, 'A business can have 20 webhook endpoints'],
  'wrong-state': [409, 'It is not in a state for that'],
  'reward-not-found': [404, 'No such reward'],
  'external-id-reused': [409, 'Another sale already has this external id'],
  'precondition-failed': [412, 'Somebody else has changed it since you read it'],
  'reward-already-redeemed': [409, 'This reward has been used'],
  'reward-reversed': [409, 'This reward was taken back and replaced'],
  'reward-reserved': [409, 'Somebody else is using this reward right now'],
  'reward-not-reserved': [409, 'This reward is not reserved'],
  'reward-not-redeemed': [409, 'This reward has not been used'],
  'reward-revoked': [409, 'This reward was revoked'],
  'reward-expired': [409, 'This reward has expired'],
  'out-of-stock': [409, 'There is none left'],
  'reward-limit-reached': [409, 'The customer has had as many as anyone may'],
  'payload-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be application/json in UTF-8'],
  'image-too-large': [413, 'The image is too large'],
  'unsupported-image': [415, 'The image must be PNG, JPEG or WebP'],
  'upload-not-found': [422, 'Nothing was uploaded there'],
  'image-has-too-many-pixels': [422, 'The image has too many pixels'],
  'image-unreadable': [422, 'The image cannot be read'],
  'file-malformed': [422, 'The file is not laid out as it must be'],
  'validation-failed': [422, 'The body does not say what it must'],
  'receipt-mismatch': [422, 'The receipt does not add up'],
  'idempotency-key-reused': [422, 'This key was already used with another body'],
  'owner-of-some-stores': [422, 'An owner answers for the whole business'],
  'unknown-brand': [422, 'No such brand'],
  'definition-invalid': [422, 'The version cannot be published as it is'],
  'from-in-past': [422, 'A version cannot begin in the past'],
  'forbidden-url': [422, 'Nothing can be sent to this URL'],
  'too-old-to-replay': [422, 'Events are kept for 30 days'],
  'store-closed': [422, 'The store was closed by then'],
  'unknown-business': [422, 'No such business'],
  'unknown-store': [422, 'No such store'],
  'unknown-card': [422, 'No such card'],
  'unknown-program': [422, 'No such program'],
  'unknown-version': [422, 'The program has no such version'],
  'unknown-customer': [422, 'No such customer'],
  'unknown-offer': [422, 'No such offer'],
  'offer-not-live': [422, 'The offer is a draft'],
  'offer-ended': [422, 'The offer has ended'],
  'program-not-begun': [422, 'The program had not begun'],
  'card-blocked': [422, 'The card is blocked'],
  'occurred-too-long-ago': [422, 'It lies too far back'],
  'unknown-receipt': [422, 'No receipt has this code'],
  'receipt-already-claimed': [422, 'This receipt was claimed before'],
  'receipt-refunded': [422, 'Something on this receipt was refunded'],
  'receipt-in-review': [422, 'This sale waits for a look'],
  'too-late-to-claim': [422, 'A receipt can be claimed within 30 days'],
  'same-customer': [422, 'Nobody is merged with themselves'],
  'not-merged': [422, 'This customer is not merged'],
  'too-late-to-undo': [422, 'A merge can be taken back within 30 days'],
  'already-spent': [422, 'What came with the merge was spent, has expired or was repaid'],
  'customer-merged': [422, 'This customer was merged with another one'],
  'phone-in-use': [409, 'Another customer has this phone'],
  'email-in-use': [409, 'Another customer has this e-mail'],
  'external-id-in-use': [409, 'Another customer has this id of another system'],
  'too-many-tags': [422, 'A customer has at most 50 tags'],
  'card-closed': [422, 'This card takes no more changes'],
  'fraction-of-a-stamp': [422, 'Stamps are whole'],
  'sale-refunded': [422, 'Part of this sale was refunded'],
  'unknown-approval': [422, 'No such approval'],
  'already-decided': [422, 'Somebody has decided already'],
  'second-approver-needed': [422, 'Somebody else must approve this'],
  'approval-rejected': [422, 'A second person rejected this'],
  'insufficient-balance': [422, 'The card does not hold that much'],
  'promotion-ended': [422, 'This promotion has ended'],
  'promotion-not-live': [422, 'This promotion is not live'],
  'promotion-already-live': [422, 'This promotion is live already'],
  'window-ends-before-it-begins': [422, 'The window ends before it begins'],
  'hours-are-empty': [422, 'The hours end when they begin'],
  'multiplier-too-small': [422, 'A multiplier must be more than 1'],
  'budget-is-fixed': [422, 'A budget can be changed, not added or taken away'],
  'budget-already-given': [422, 'More than this budget was given already'],
  'occurred-in-future': [422, 'The sale lies in the future'],
  'precondition-required': [428, 'Say which revision you are changing'],
  'not-a-stamp-card': [422, 'This card counts points'],
  'unknown-award': [422, 'No such award'],
  'already-undone': [409, 'It was taken back before'],
  'reason-required': [422, 'This needs a reason'],
  'code-invalid': [422, 'This is no code of a card'],
  'code-expired': [422, 'This code is too old'],
  'code-used': [409, 'This code was used before'],
  'code-rejected': [422, 'This code does not hold'],
  'weak-password': [422, 'The password is too easy to guess'],
  'wrong-store': [422, 'Not in this store'],
  'unknown-reward-definition': [422, 'The program has no such reward'],
  'reward-not-live': [422, 'This reward is not on offer'],
  'gift-has-price': [422, 'A gift has no price'],
  'out-of-season': [422, 'This reward is not on offer on that day'],
  'unknown-coupon': [422, 'This coupon does not get this reward'],
  'not-in-audience': [422, 'This reward is not for this customer'],
  'sale-not-found': [422, 'No such sale'],
  'nothing-left-to-refund': [422, 'Nothing is left of this sale'],
  'refund-exceeds-sale': [422, 'That is more than is left of this sale'],
  'unknown-line': [422, 'The receipt has no such line'],
  'exception-not-found': [422, 'No such exception'],
  'exception-settled': [422, 'Somebody has settled this exception already'],
  'too-many-requests': [429, 'Too many requests'],
  'internal-error': [500, 'Something broke on our side'],
  'files-unavailable': [503, 'No place for files is set up here'],
  overloaded: [503, 'More arrives than can be taken'],
  unavailable: [503, 'Not available right now'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemCode = keyof typeof problemTable;

/** What is said about each code beyond its title, when the caller adds nothing. */
const advice: Partial<Record<ProblemCode, string>> = {
  unauthenticated: 'Send your key or access token as "Authorization: Bearer …".',
  'image-too-large': 'It may have 5 MiB. Save it smaller, then ask for another upload.',
  'unsupported-image':
    'What the file is called does not count, what it is does. Save it as PNG, JPEG or WebP.',
  'upload-not-found':
    'Upload the file to the address that you were given. It is taken once, within a day.',
  'image-has-too-many-pixels':
    'It may have 16 million, as of 4,096 by 4,096. Make it smaller, then ask for another upload.',
  'image-unreadable': 'The file is broken or cut short. Save it anew, then ask for another upload.',
  unavailable:
    'The request may or may not have been taken. Send it again with the same key: it counts once.',
  'internal-error': 'We have been told. Send it again with the same key: it counts once.',
  'external-id-reused':
    'The first sale stands and nothing was applied. Send this one with an externalId of its own.',
  'idempotency-key-reused':
    'The first request stands and nothing was applied. Send this one with a new key.',
  overloaded: 'Nothing was applied. Send it again with the same key in some seconds.',
  'last-owner': 'Make somebody else an owner first.',
  'owner-of-some-stores': 'Leave storeIds out, or choose another role.',
  'too-many-endpoints': 'Remove one of them first.',
  'too-many-keys': 'Revoke one of them first.',
  'from-in-past': 'Leave from out to begin now. Only a first version may have begun before.',
  'store-closed': 'Open it again in the set-up, or check the till’s clock.',
  'unknown-store': 'The key has no store of this id. Check the till’s set-up.',
  'unknown-card': 'No card here has this code. Scan it again, or send the sale without a customer.',
  'unknown-customer': 'No customer here has this id.',
  'precondition-required': 'Send the ETag that you read as If-Match: "3".',
  'precondition-failed': 'Read it again, then change it.',
  'sign-in-failed':
    'Check the e-mail and the password. A new account must be confirmed with its code first.',
  'self-award': 'Let a colleague do it: nobody stamps or redeems for themselves.',
  'undo-too-late': 'Whoever gave it may take it back for 10 seconds; then ask a manager.',
  'already-spent': 'Adjust the card instead, with a reason.',
  'code-expired': 'Codes change every half minute. Ask for the one on the screen now.',
  'code-used': 'Each code is for one sale. Wait for the next one on the screen.',
  'code-rejected': 'It is mistyped, used or too old, or the address is another. Ask for a new one.',
  'weak-password': 'Take at least 10 characters that nobody would guess.',
  'reward-not-found': 'No reward here has this code. Scan it again.',
  'reward-reserved': 'Wait until whoever holds it is done: a reservation lasts ten minutes.',
  'reward-reversed': 'Ask for the customer’s rewards again: another one took its place.',
  'unknown-coupon':
    'Send the couponCode that the customer shows; for a reward without coupons, none.',
  'occurred-too-long-ago': 'The business does not take what is older than its settings say.',
  'sale-not-found':
    'The sale did not come, or has no such id. Post the sale, then the refund under an externalId of its own.',
  'nothing-left-to-refund': 'Read the sale: its refunds are listed there.',
  'refund-exceeds-sale': 'Read the sale: it lists its refunds. Use full for all that is left.',
  'unknown-line': 'Lines are counted from 0. A sale of which only the total is known has none.',
  'promotion-ended': 'It cannot be changed or switched on again. Draft another one.',
  'hours-are-empty': 'Leave the hours out for the whole day.',
  'budget-is-fixed':
    'What it gave without a budget was not counted. End it, and draft another with a budget.',
  'occurred-in-future': 'Check the till’s clock and its offset.',
};

export const PROBLEM_BASE_URL = 'https://regulars.example/problems/';

export interface FieldError {
  /** RFC 6901 JSON Pointer into the body, or the name of a header or parameter. */
  pointer: string;
  code: string;
  detail: string;
}

/** RFC 9457 problem document. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: readonly FieldError[];
  requestId?: string;
}

/** Refusals that say of a code that nobody has it, whether the edge or a worker finds out. */
const codesOfMisses: ReadonlySet<string> = new Set<ProblemCode>([
  'reward-not-found',
  'unknown-card',
  'unknown-coupon',
  'unknown-customer',
  'unknown-receipt',
]);

/** Whether a refusal says that there is no such code. */
export function isMiss(code: ProblemCode): boolean {
  return codesOfMisses.has(code);
}

/** A refusal on its way to the client; thrown by middleware and routes, rendered in one place. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    options: {
      detail?: string;
      errors?: readonly FieldError[];
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(options.detail ?? problemTable[code][1]);
    this.code = code;
    this.detail = options.detail ?? advice[code];
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return problemTable[this.code][0];
  }
}

/** The document that a client sees. */
export function problemDocument(problem: Problem, requestId?: string): ProblemDocument {
  const [status, title] = problemTable[problem.code];
  return {
    type: PROBLEM_BASE_URL + problem.code,
    title,
    status,
    ...(problem.detail && { detail: problem.detail }),
    ...(problem.errors && { errors: problem.errors }),
    ...(requestId && { requestId }),
  };
}

/** A known code, from itself or from a problem's type; unknown ones are ours to mend. */
export function problemCode(codeOrType: string): ProblemCode {
  const code = codeOrType.slice(codeOrType.lastIndexOf('/') + 1);
  return Object.hasOwn(problemTable, code) ? (code as ProblemCode) : 'internal-error';
}
