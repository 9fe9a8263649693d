import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { signUp } from '../cognito.ts';
import type { TestStack } from '../stack.ts';
import { type Api, withKey } from './api.ts';
import type { Shop } from './shop.ts';

export const ME = '/v1/customer/me';

export type Card = { id: string; code: string; balance: number };
export type Customer = {
  id: string;
  email: string | null;
  phone: string | null;
  name: string | null;
};

/** Those who sign in at a shop, as the API sees them come. */
export type Members = {
  /** A customer who has just signed up. */
  aGuest: (email?: string) => Promise<Api>;
  join: (guest: Api, told?: object, at?: Shop) => Promise<Customer>;
  openCard: (guest: Api) => Promise<Card>;
  /** Somebody new on the staff, who has not come yet. */
  invite: (role: string, email: string, at?: Shop) => Promise<string>;
  /** Whoever was invited under this address signs up. */
  aColleague: (email: string) => Promise<Api>;
};

/** @param stack with a Cognito */
export function createMembers(stack: TestStack, shop: Shop): Members {
  const signedUp = async (pool: 'customers' | 'staff', email: string) =>
    (await signUp(stack.edgeUrl, { pool, email })).api;
  return {
    aGuest: (email = `${randomUUID()}@cafe.example`) => signedUp('customers', email),
    aColleague: (email) => signedUp('staff', email),
    async join(guest, told = {}, at = shop) {
      const json = { businessId: at.businessId, ...told };
      const joined = await guest.send<{ customer: Customer }>('PUT', ME, { json });
      expect(joined).toMatchObject({ status: 200 });
      return joined.body.customer;
    },
    async openCard(guest) {
      const body = { programId: shop.programs[0]!.id };
      const opened = await guest.post<{ card: Card }>(`${ME}/cards`, body, withKey());
      expect(opened).toMatchObject({ status: 201 });
      return opened.body.card;
    },
    async invite(role, email, at = shop) {
      const id = idSource.id('stf');
      await stack.database.query(
        `INSERT INTO business.staff (business_id, id, name, email, role)
         VALUES ($1, $2, $3, $4, $5)`,
        [toUuid(at.businessId), toUuid(id), role, email, role],
      );
      return id;
    },
  };
}
