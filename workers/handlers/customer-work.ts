import type { Customer, UniqueField } from '../../domain/customers/customer.ts';
import type { Customers } from '../../domain/customers/customers.ts';
import type { LedgerBooks } from '../../domain/ledger/books.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { CommandStore } from '../../domain/ledger/command-store.ts';
import type { Facts } from '../../domain/ledger/facts.ts';
import type { BusinessId, CustomerId, IdSource } from '../../domain/values/ids.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import type { PersonalSealer } from '../../queues/personal.ts';
import { cardIdentity } from './card-events.ts';
import type { WorkOutcome } from './command.ts';

/** What commands about customers work with. */
export interface CustomerRepos {
  books: LedgerBooks;
  customers: Customers;
  facts: Facts;
}

export interface CustomerDependencies<Repos = CustomerRepos> {
  store: CommandStore<Repos>;
  ids: IdSource;
  personal: PersonalSealer;
}

type Declined = Extract<WorkOutcome, { status: 'declined' }>;

/** Which code says that another customer has the field. */
export const TAKEN: Readonly<Record<UniqueField, string>> = {
  phone: 'phone-in-use',
  email: 'email-in-use',
  externalIds: 'external-id-in-use',
};

/** A customer who can be changed, locked; or why there is none. */
export async function lockCustomer(
  customers: Customers,
  businessId: BusinessId,
  id: CustomerId,
): Promise<{ customer: Customer } | { declined: Declined }> {
  const [customer] = await customers.lock(businessId, [id]);
  const declined = (code: string, detail?: string): { declined: Declined } => ({
    declined: { status: 'declined', code, ...(detail && { detail }), subjectId: id },
  });
  if (!customer || customer.erasedAt !== null) return declined('unknown-customer');
  if (customer.mergedInto) {
    return declined('customer-merged', `Use ${customer.mergedInto}, who carries on for them.`);
  }
  return { customer };
}

/** The facts that cards were opened. */
export function cardsOpened(cards: readonly Card[], ids: IdSource): OutboxEvent[] {
  return cards.map((card) => ({
    id: ids.id('evt'),
    type: 'card.opened',
    data: { ...cardIdentity(card), sequence: card.sequence },
  }));
}

/** A card as outcomes show it: no balance, which the next read knows better. */
export function presentHeldCard(card: Card) {
  return { id: card.id, code: card.code, programId: card.programId };
}
