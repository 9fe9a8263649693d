import { z } from 'zod';
import type { BusinessId } from '../domain/values/ids.ts';
import type { CustomerDirectory } from './customer-directory.ts';
import type { Reply } from './route.ts';
import { idSchema } from './schemas.ts';

const outcome = z.object({ customer: z.object({ id: idSchema('cus') }) });

/**
 * The reply to a command about a customer. Jobs keep ids only, because they outlive what is personal;
 * a client that waited gets the customer as they are now.
 */
export async function withCustomer(
  reply: Reply,
  customers: CustomerDirectory,
  businessId: BusinessId,
): Promise<Reply> {
  if (reply.status === 202) return reply;
  const { id } = z.parse(outcome, reply.body).customer;
  return { ...reply, body: { customer: await customers.find(businessId, id) } };
}
