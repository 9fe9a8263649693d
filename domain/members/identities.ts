import type { BusinessId, CustomerId, StaffId } from '../values/ids.ts';

/** Who signs in as whom, as one command sees it, inside its transaction. */
export interface Identities {
  /**
   * Makes somebody who was invited the member of staff that the invitation names.
   * @returns false when there is no such invitation, or another has taken it
   */
  acceptInvitation(businessId: BusinessId, id: StaffId, subject: string): Promise<boolean>;
  /** The customer that a subject signs in as. */
  findCustomer(businessId: BusinessId, subject: string): Promise<CustomerId | undefined>;
  /** Customers with one of these contacts: whoever has the e-mail first. */
  findByContact(
    businessId: BusinessId,
    contacts: { email: string | null; phone: string | null },
  ): Promise<CustomerId[]>;
  link(businessId: BusinessId, subject: string, customerId: CustomerId): Promise<void>;
}
