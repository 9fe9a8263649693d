import type { BusinessId, CardId, CustomerId } from '../values/ids.ts';
import type { Customer, Profile, UniqueField } from './customer.ts';

/** The customers of a business as one command sees them, inside its transaction. */
export interface Customers {
  /** Locked until the transaction ends, in id order; those that do not exist are left out. */
  lock(businessId: BusinessId, ids: readonly CustomerId[]): Promise<Customer[]>;
  /** The first field of the profile that another customer already has. */
  findTaken(
    businessId: BusinessId,
    profile: Profile,
    except: CustomerId | null,
  ): Promise<UniqueField | undefined>;
  insert(businessId: BusinessId, customer: { id: CustomerId; profile: Profile }): Promise<void>;
  /** Writes the profile as it is now, with what it is found by. */
  save(businessId: BusinessId, customer: { id: CustomerId; profile: Profile }): Promise<void>;
  addTags(businessId: BusinessId, id: CustomerId, tags: readonly string[]): Promise<void>;
  removeTag(businessId: BusinessId, id: CustomerId, tag: string): Promise<void>;
}

/** A card that a customer holds, as commands about customers name it. */
export interface HeldCard {
  id: CardId;
  code: string;
}
