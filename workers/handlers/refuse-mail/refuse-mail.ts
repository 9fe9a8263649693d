import { changeProfile, type ProfileChange } from '../../../domain/customers/customer.ts';
import type { Customers } from '../../../domain/customers/customers.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Setup } from '../../../domain/tenancy/setup.ts';
import type { BusinessId, CustomerId, IdSource, StaffId } from '../../../domain/values/ids.ts';
import {
  CUSTOMER_MAILS,
  type CustomerMail,
  isCustomerMail,
  type RefusableMail,
  STAFF_MAILS,
  type StaffMail,
} from '../../../domain/values/mail-kinds.ts';
import { refuse } from '../change.ts';
import { createCommandHandler, type WorkOutcome } from '../command.ts';

interface Repos {
  customers: Customers;
  setup: Setup;
}

/**
 * Ends a kind of mail, or all of them, for whoever followed the link. Done twice it stays done. What
 * a merged customer refuses, whoever carries on for them refuses. Outcomes: `completed`, `not-found`.
 */
export function createRefuseMailHandler(dependencies: {
  store: CommandStore<Repos>;
  ids: IdSource;
}) {
  return createCommandHandler<'refuse-mail', Repos>(dependencies, async (repos, message) => {
    const { businessId, payload } = message;
    const { personId, kind } = payload;
    const isDone = isCustomer(personId)
      ? await refuseAsCustomer(repos.customers, businessId, { id: personId, kind })
      : await refuseAsStaff(repos.setup, businessId, { id: personId, kind });
    if (!isDone) return { ...refuse('not-found'), subjectId: personId };
    const done: WorkOutcome = {
      status: 'completed',
      transactionId: null,
      result: {},
      subjectId: personId,
      auditDetail: { refused: kind ?? 'all' },
    };
    return done;
  });
}

async function refuseAsCustomer(
  customers: Customers,
  businessId: BusinessId,
  { id, kind }: { id: CustomerId; kind: RefusableMail | undefined },
): Promise<boolean> {
  const [named] = await customers.lock(businessId, [id]);
  const customer = named?.mergedInto
    ? (await customers.lock(businessId, [named.mergedInto]))[0]
    : named;
  if (!customer || customer.erasedAt !== null) return false;
  const kinds = kind
    ? [kind].filter(isCustomerMail)
    : (Object.keys(CUSTOMER_MAILS) as CustomerMail[]);
  const consents: ProfileChange['consents'] = {
    // Nothing at all means advertisements too.
    ...(kind === undefined && { emailMarketing: false }),
    ...Object.fromEntries(kinds.map((each) => [CUSTOMER_MAILS[each], false])),
  };
  const profile = changeProfile(customer.profile, { consents });
  await customers.save(businessId, { id: customer.id, profile });
  return true;
}

async function refuseAsStaff(
  setup: Setup,
  businessId: BusinessId,
  { id, kind }: { id: StaffId; kind: RefusableMail | undefined },
): Promise<boolean> {
  const member = await setup.staff.lock(businessId, id);
  if (!member || member.removedAt !== null) return false;
  const refused = kind === undefined ? STAFF_MAILS : STAFF_MAILS.filter((each) => each === kind);
  const mailRefusals: StaffMail[] = [...new Set([...member.mailRefusals, ...refused])];
  await setup.staff.change(businessId, id, { mailRefusals });
  return true;
}

function isCustomer(id: CustomerId | StaffId): id is CustomerId {
  return id.startsWith('cus_');
}
