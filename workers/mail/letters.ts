import type {
  BrandLook,
  MailBooks,
  MailedBusiness,
  MailedCustomer,
} from '../../domain/mail/mail-books.ts';
import type { BusinessId, CustomerId, Id, StaffId } from '../../domain/values/ids.ts';
import {
  CUSTOMER_MAILS,
  type CustomerMail,
  type RefusableMail,
  type StaffMail,
} from '../../domain/values/mail-kinds.ts';
import { DAY_MS, endOfDay, type Instant } from '../../domain/values/time.ts';
import type { FactMessage } from '../../queues/events/fact-message.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import type { MailContent, MailFrame, MailKind } from './content.ts';
import { type FileUrl, frameOf } from './frame.ts';
import { type Tongue, tongueFor } from './languages/index.ts';
import * as write from './write.ts';

/** A mail that an event may bring to somebody. */
export interface Letter {
  recipientId: CustomerId | StaffId;
  kind: MailKind;
  /** Looks up what it says, once it is ours to send. */
  write(): Promise<WrittenLetter | Unwritten>;
}

export interface WrittenLetter {
  to: string;
  content: MailContent;
  frame: Omit<MailFrame, 'unsubscribe'>;
  /** What its reader may end with one click; none where it comes only once. */
  refusable: { kind: RefusableMail; label: string } | undefined;
}

/** Nobody is written to, and why. */
export interface Unwritten {
  skip:
    | 'nobody'
    | 'no-address'
    | 'refused'
    | 'out-of-date'
    | 'has-accepted'
    | 'not-an-earning'
    | 'no-brand';
}

export interface LetterDependencies {
  books: MailBooks;
  /** Where the apps are, for what buttons open. */
  apps: { customers: string; staff: string };
  /** Where anybody finds a public file; absent: logos are left out. */
  fileUrl: FileUrl | undefined;
  now: () => Instant;
}

const REGULARS = { name: 'Regulars', colour: null, logo: null };

/** The mails that an event brings: none for most. */
export async function lettersOf(
  deps: LetterDependencies,
  { businessId, event }: { businessId: BusinessId; event: FactMessage['event'] },
): Promise<Letter[]> {
  const desk = createDesk(deps, businessId);
  if (event.type === 'customer.enrolled') {
    return [desk.toCustomer('welcome', event.data.customerId, () => desk.welcome(event))];
  }
  if (event.type === 'reward.issued') {
    return [desk.toCustomer('reward', event.data.customerId, () => desk.reward(event))];
  }
  if (event.type === 'card.expiry_due') {
    return [desk.toCustomer('expiry', event.data.customerId, () => desk.expiry(event))];
  }
  if (event.type === 'tier.changed') {
    // What was lost was told of two weeks before.
    if (event.data.direction !== 'up') return [];
    return [desk.toCustomer('level', event.data.customerId, () => desk.level(event))];
  }
  if (event.type === 'tier.downgrade_due') {
    return [desk.toCustomer('level', event.data.customerId, () => desk.levelEnds(event))];
  }
  if (event.type === 'staff.invited') return [desk.invitation(event.data.staffId as StaffId)];
  if (event.type === 'week.reported') {
    return desk.toOwners('weekly-report', (owner) => desk.week(event, owner));
  }
  if (event.type === 'webhook-endpoint.disabled') {
    return desk.toOwners('endpoint-disabled', (owner) => desk.endpointDisabled(event, owner));
  }
  return [];
}

type Event<Type extends OutboxEvent['type']> = Extract<OutboxEvent, { type: Type }>;
/** What is said, in which look; the rest of a letter is alike for all. */
type Draft = { brand: BrandLook; say: (tongue: Tongue) => MailContent };

/** Where letters of one business are written. */
function createDesk({ books, apps, fileUrl, now }: LetterDependencies, businessId: BusinessId) {
  const business = () => books.findBusiness(businessId);

  function toCustomer(
    kind: CustomerMail,
    id: string,
    draft: (customer: MailedCustomer) => Promise<Draft | Unwritten>,
  ): Letter {
    const recipientId = id as CustomerId;
    return {
      recipientId,
      kind,
      async write() {
        const customer = await books.findCustomer(businessId, recipientId);
        if (!customer) return { skip: 'nobody' };
        if (customer.email === null) return { skip: 'no-address' };
        if (customer.consents[CUSTOMER_MAILS[kind]] === false) return { skip: 'refused' };
        const [drafted, own] = await Promise.all([draft(customer), business()]);
        if ('skip' in drafted) return drafted;
        const tongue = tongueFor([customer.locale, own?.locale]);
        const content = greet(drafted.say(tongue), tongue.texts.hello(customer.name));
        return finish({ to: customer.email, content, brand: drafted.brand, tongue, kind });
      },
    };
  }

  async function toOwners(
    kind: StaffMail,
    draft: (owner: { business: MailedBusiness }) => Draft | Promise<Draft | Unwritten>,
  ): Promise<Letter[]> {
    const owners = await books.listOwners(businessId);
    return owners.map((owner) => ({
      recipientId: owner.id,
      kind,
      async write() {
        const own = await business();
        if (!own) return { skip: 'nobody' };
        if (owner.refusals.includes(kind)) return { skip: 'refused' };
        if (owner.email === null) return { skip: 'no-address' };
        const drafted = await draft({ business: own });
        if ('skip' in drafted) return drafted;
        const tongue = tongueFor([own.locale]);
        const content = greet(drafted.say(tongue), tongue.texts.hello(owner.name));
        return finish({ to: owner.email, content, brand: drafted.brand, tongue, kind });
      },
    }));
  }

  function finish(letter: {
    to: string;
    content: MailContent;
    brand: BrandLook;
    tongue: Tongue;
    kind: RefusableMail;
  }): WrittenLetter {
    const { to, content, brand, tongue, kind } = letter;
    const label = tongue.texts.unsubscribe[kind];
    return { to, content, frame: frameOf(brand, tongue, fileUrl), refusable: { kind, label } };
  }

  return {
    toCustomer,
    toOwners,

    async welcome({ data }: Event<'customer.enrolled'>): Promise<Draft | Unwritten> {
      const brand = await books.findBrand(businessId, data.storeId as Id<'sto'> | null);
      if (!brand) return { skip: 'no-brand' };
      return { brand, say: (tongue) => write.welcome(tongue, { brand, app: apps.customers }) };
    },

    async reward({ data }: Event<'reward.issued'>): Promise<Draft | Unwritten> {
      const program = await books.findProgram(businessId, data.programId as Id<'prg'>);
      const reward = await books.findReward(businessId, data.rewardId as Id<'rwd'>);
      if (!program || !reward) return { skip: 'nobody' };
      // A redemption taken back gives what they had already.
      if (reward.isReplacement) return { skip: 'not-an-earning' };
      const expiresAt = data.expiresAt === null ? null : Date.parse(data.expiresAt);
      const isOver = expiresAt !== null && expiresAt <= now();
      if (isOver || !reward.isAvailable) return { skip: 'out-of-date' };
      const { brand, zone } = program;
      const about = { brand, reward: data.name, expiresAt, zone, app: apps.customers };
      return { brand, say: (tongue) => write.reward(tongue, about) };
    },

    async expiry({ data }: Event<'card.expiry_due'>): Promise<Draft | Unwritten> {
      const program = await books.findProgram(businessId, data.programId as Id<'prg'>);
      if (!program) return { skip: 'nobody' };
      const { brand, unit, zone } = program;
      if (endOfDay(data.expiresOn, 0, zone) <= now()) return { skip: 'out-of-date' };
      const rewards = data.rewards.map(({ name }) => name);
      const { amount: written, expiresOn } = data;
      const about = {
        brand,
        unit,
        written,
        rewards,
        expiresOn,
        app: cardLink(data.cardId),
      };
      return { brand, say: (tongue) => write.expiry(tongue, about) };
    },

    async level({ data }: Event<'tier.changed'>): Promise<Draft | Unwritten> {
      const program = await books.findProgram(businessId, data.programId as Id<'prg'>);
      if (!program || data.to === null) return { skip: 'nobody' };
      const until = Date.parse(data.until);
      if (until <= now()) return { skip: 'out-of-date' };
      const { brand, zone } = program;
      const about = { brand, level: data.to, until, zone, app: cardLink(data.cardId) };
      return { brand, say: (tongue) => write.level(tongue, about) };
    },

    async levelEnds({ data }: Event<'tier.downgrade_due'>): Promise<Draft | Unwritten> {
      const program = await books.findProgram(businessId, data.programId as Id<'prg'>);
      if (!program) return { skip: 'nobody' };
      const fallsAt = Date.parse(data.fallsAt);
      if (fallsAt <= now()) return { skip: 'out-of-date' };
      const { level, wouldBecome: next, missing, missingOf } = data;
      const about = { ...program, level, next, missing, missingOf, fallsAt };
      const app = cardLink(data.cardId);
      return { brand: program.brand, say: (tongue) => write.levelEnds(tongue, { ...about, app }) };
    },

    invitation(id: StaffId): Letter {
      return {
        recipientId: id,
        kind: 'invitation',
        async write() {
          const [member, own] = await Promise.all([books.findStaff(businessId, id), business()]);
          if (!member || !own) return { skip: 'nobody' };
          if (member.email === null) return { skip: 'no-address' };
          if (member.hasAccepted) return { skip: 'has-accepted' };
          const tongue = tongueFor([own.locale]);
          const about = { business: own.name, role: member.role, app: staffLink('invitation') };
          const content = write.invitation(tongue, about);
          return {
            to: member.email,
            content: greet(content, tongue.texts.hello(member.name)),
            frame: frameOf(REGULARS, tongue),
            refusable: undefined,
          };
        },
      };
    },

    async week(
      { data }: Event<'week.reported'>,
      about: { business: MailedBusiness },
    ): Promise<Draft | Unwritten> {
      // A report that was stuck for long is not news.
      if (Date.parse(data.to) + 14 * DAY_MS < now()) return { skip: 'out-of-date' };
      // None was made where nothing was sold, and where there is no place for files.
      const id = await books.findWeeklyReport(businessId, data.from);
      const app = staffLink(id ? `reports/${id}` : 'reports');
      const report = { ...data, business: about.business.name, app };
      return { brand: REGULARS, say: (tongue) => write.week(tongue, report) };
    },

    endpointDisabled(
      { data }: Event<'webhook-endpoint.disabled'>,
      { business: { name: business } }: { business: MailedBusiness },
    ): Draft {
      const about = {
        business,
        endpoint: data.name,
        reason: data.reason,
        app: staffLink('webhooks'),
      };
      return { brand: REGULARS, say: (tongue) => write.endpointDisabled(tongue, about) };
    },
  };

  /** Where a customer sees their card. */
  function cardLink(cardId: string): string {
    return `${apps.customers}/cards/${cardId}`;
  }

  /** A page of the staff's app. Who opens it has yet to sign in, so it may be known to anybody. */
  function staffLink(page: string): string {
    return `${apps.staff}/${page}?business=${businessId}`;
  }
}

function greet(content: MailContent, hello: string): MailContent {
  return { ...content, paragraphs: [hello, ...content.paragraphs] };
}
