import { z } from 'zod';
import type { BusinessId, CardId, CustomerId } from '../domain/values/ids.ts';
import type { Consents } from '../domain/values/consents.ts';

/** A customer as those see them who run the shop. */
export interface CustomerRecord {
  id: CustomerId;
  phone: string | null;
  email: string | null;
  name: string | null;
  birthday: string | null;
  locale: string | null;
  consents: Consents;
  externalIds: Record<string, string>;
  tags: string[];
  createdAt: string;
  updatedAt: string;
  /** Whoever carries on for them after a merge. */
  mergedInto: CustomerId | null;
  /** Since when nothing personal is held. */
  erasedAt: string | null;
}

export interface CardRecord {
  id: CardId;
  /** What the card answers to. */
  code: string;
  /** Codes of cards that were merged into it; they go on working. */
  aliases: string[];
  programId: string;
  programName: string;
  unit: 'stamp' | 'point';
  status: string;
  /** Ledger units. */
  balance: number;
  debt: number;
  openedAt: string;
}

/** How customers are looked for; nothing means all of them. */
export type CustomerSearch =
  | { by: 'all'; value?: undefined }
  | { by: 'phone' | 'email' | 'cardCode' | 'tag'; value: string }
  /** The beginning of any word of the name, in any case and with or without accents. */
  | { by: 'name'; value: string }
  | { by: 'externalId'; system: string; value: string };

/** Where somebody stands in a list: what it is sorted by, and their id. */
export type CustomerPosition = readonly [sortKey: string, id: string];
export interface FoundCustomer {
  customer: CustomerRecord;
  sortKey: string;
}

/** What is known of customers. All of it read-only; another business's customer does not exist. */
export interface CustomerDirectory {
  search(
    businessId: BusinessId,
    search: CustomerSearch,
    page: { limit: number; after: CustomerPosition | undefined },
  ): Promise<FoundCustomer[]>;
  /** Also one that was merged or erased. */
  find(businessId: BusinessId, id: CustomerId): Promise<CustomerRecord | undefined>;
  findCards(businessId: BusinessId, id: CustomerId): Promise<CardRecord[]>;
}

export const customerSchema = z
  .object({
    id: z.string(),
    phone: z.string().nullable(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    birthday: z.iso.date().nullable(),
    locale: z.string().nullable(),
    consents: z.record(z.string(), z.boolean()),
    externalIds: z.record(z.string(), z.string()),
    tags: z.array(z.string()),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    mergedInto: z.string().nullable(),
    erasedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Customer' });
