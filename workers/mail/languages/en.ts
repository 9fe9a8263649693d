import type { Texts } from './texts.ts';

const both = (first: string | null, rewards: readonly string[]) =>
  new Intl.ListFormat('en').format([...(first === null ? [] : [first]), ...rewards]);

export const en: Texts = {
  language: 'en-GB',
  hello: (name) => (name === null ? 'Hello,' : `Hello ${name},`),
  count: (unit, count, written) => `${written} ${unit}${count === 1 ? '' : 's'}`,
  welcome: ({ brand }) => ({
    subject: `Welcome to ${brand}`,
    preview: 'Your card is ready: show it whenever you pay.',
    heading: `Welcome to ${brand}`,
    paragraphs: [
      'It is good to have you. From now on your visits count: show your card whenever you pay, and see what you have collected at any time.',
    ],
    button: 'See my card',
    closing: 'Every stamp and every point comes with its reason, so you always know why.',
    why: `You get this because you joined ${brand}.`,
  }),
  reward: ({ brand, reward }) => ({
    subject: `Your reward is ready: ${reward}`,
    preview: `Show your card at ${brand} to use it.`,
    heading: 'Your reward is ready',
    paragraphs: [`You have earned a reward at ${brand}. Show your card when you want to use it.`],
    label: 'Your reward',
    validUntil: (day) => `Good until ${day}`,
    button: 'See my rewards',
    why: `You get this because you collect at ${brand}.`,
  }),
  expiry: ({ brand, amount, rewards, day }) => ({
    subject: `Use it by ${day}: ${both(amount, rewards)}`,
    preview: `What you have collected at ${brand} ends soon.`,
    heading: 'Some of what you collected ends soon',
    paragraphs: [`There is still time to use it at ${brand}.`],
    label: both(amount, rewards),
    until: `Good until the end of ${day}`,
    button: 'See my card',
    why: `You get this because you collect at ${brand}.`,
  }),
  level: ({ brand, level }) => ({
    subject: `You have reached ${level}`,
    preview: `Thank you for coming back to ${brand}.`,
    heading: `You have reached ${level}`,
    paragraphs: [
      `Your visits to ${brand} have brought you here. It counts from your next visit on.`,
    ],
    label: 'Your level',
    until: (day) => `Yours at least until ${day}`,
    button: 'See my card',
    why: `You get this because you collect at ${brand}.`,
  }),
  levelEnds: ({ brand, level, next, missing, day }) => ({
    subject: `Keep ${level}: ${missing} to go by ${day}`,
    preview: `What is missing at ${brand} to stay where you are.`,
    heading: `Your level ends soon: ${level}`,
    paragraphs: [
      next === null
        ? `With ${missing} more at ${brand} by the end of ${day} you keep it. Otherwise it ends then.`
        : `With ${missing} more at ${brand} by the end of ${day} you keep it. Otherwise you have ${next} from then on.`,
    ],
    label: `To keep ${level}`,
    button: 'See my card',
    why: `You get this because you collect at ${brand}.`,
  }),
  invitation: ({ business, role }) => ({
    subject: `${business} has invited you to Regulars`,
    preview: 'Sign in with this address to accept.',
    heading: `You are invited to ${business}`,
    paragraphs: [
      `${business} has put you on its staff as ${role}.`,
      'Sign in with this e-mail address to accept. If you have no account yet, make one with this address first.',
    ],
    button: 'Accept the invitation',
    closing: 'If you do not know why you got this, leave it be: nothing happens until you sign in.',
    why: `You get this once, because ${business} entered your address.`,
  }),
  roles: { owner: 'an owner', manager: 'a manager', cashier: 'a cashier', analyst: 'an analyst' },
  week: ({ business, period }) => ({
    subject: `${business}: your week, ${period}`,
    preview: 'Sales, customers and rewards, and how they compare with the week before.',
    heading: 'Your week',
    paragraphs: [`${business}, ${period}, beside the week before.`],
    button: 'Open the full report',
    why: `You get this every Monday because you own ${business}.`,
  }),
  figures: {
    sales: 'Sales',
    revenue: 'Revenue',
    customers: 'Customers who bought',
    newCustomers: 'New customers',
    rewardsIssued: 'Rewards earned',
    rewardsRedeemed: 'Rewards used',
  },
  sameAsBefore: 'as before',
  endpointDisabled: ({ business, endpoint, reason }) => ({
    subject: `${business}: a webhook endpoint was switched off`,
    preview: 'What it missed can be sent again.',
    heading: 'A webhook endpoint was switched off',
    paragraphs: [
      reason === 'gone'
        ? `“${endpoint}” answered that it is gone (410), so we have stopped sending.`
        : `“${endpoint}” has not taken what we sent for days, so we have stopped sending.`,
      'Mend it, switch it on again, and have what it missed replayed: we keep it for 30 days.',
    ],
    button: 'Look at the endpoint',
    why: `You get this because you own ${business}.`,
  }),
  code: ({ purpose, brand }) => ({
    subject: purpose === 'new-password' ? `Your code for a new password` : `Your code for ${brand}`,
    preview: 'It is good for a short time.',
    heading: purpose === 'new-password' ? 'Choose a new password' : 'Is this your e-mail address?',
    paragraphs: [
      purpose === 'new-password'
        ? 'Type in this code, then choose a new password.'
        : 'Type in this code to show that it is.',
    ],
    label: 'Your code',
    note: 'Nobody of ours will ever ask you for it.',
    closing:
      'If you did not ask for this, somebody mistyped their address. You need not do anything.',
    why: 'You get this because somebody entered this address.',
  }),
  unsubscribe: {
    welcome: 'No more mail',
    reward: 'No more mail about rewards',
    expiry: 'No more reminders before something ends',
    level: 'No more mail about levels',
    'weekly-report': 'No more weekly reports',
    'endpoint-disabled': 'No more mail about webhooks',
  },
};
