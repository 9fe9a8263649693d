import { z } from 'zod';
import type { IdSource } from '../../../domain/values/ids.ts';
import { joinBusiness } from '../../../queues/commands/join-business.ts';
import type { PersonalSealer } from '../../../queues/personal.ts';
import { type AccountDependencies, requireAccounts } from '../../accounts.ts';
import type { CommandGate } from '../../command-gate.ts';
import type { CustomerDirectory } from '../../customer-directory.ts';
import type { InBusiness, SetupReader, VisitorPrincipal } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { ADMIN_WAIT_SECONDS, defineRoute, type Reply, type RouteInput } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';
import { meSchema, presentMe } from '../../self.ts';

const outcome = z.object({ customer: z.object({ id: idSchema('cus') }), isNew: z.boolean() });

type Joining = RouteInput<
  undefined,
  undefined,
  z.output<typeof joinBusiness.body>,
  VisitorPrincipal
>;

/** `PUT /v1/customer/me`: somebody who has signed in becomes a customer of a business. */
export function joinBusinessRoute(
  deps: AccountDependencies & {
    gate: CommandGate;
    customers: CustomerDirectory;
    personal: PersonalSealer;
    setup: SetupReader;
    ids: IdSource;
    inBusiness: InBusiness;
  },
) {
  async function join({ body, principal, headers }: Joining): Promise<Reply> {
    const { businessId, ...told } = body;
    const { subject, accessToken } = principal;
    if (!(await deps.setup.businesses.find(businessId, businessId))) {
      throw new Problem('unknown-business');
    }
    const proven = await requireAccounts(deps).provenContacts(accessToken);
    if (!proven) throw new Problem('unauthenticated');
    const reply = await deps.gate.reply(
      {
        command: joinBusiness,
        body: { businessId, fingerprint: deps.personal.fingerprint({ told, proven }) },
        payload: { subject, sealed: deps.personal.seal({ told, proven }) },
        principal: { kind: 'newcomer', businessId, subject },
        // Joining twice changes nothing, so a repeat without a key may be taken anew.
        headers: { ...headers, idempotencyKey: headers.idempotencyKey ?? deps.ids.id('job') },
      },
      200,
    );
    if (reply.status === 202) return reply;
    const { id } = z.parse(outcome, reply.body).customer;
    const customer = await deps.customers.find(businessId, id);
    if (!customer) throw new Problem('not-found');
    return { ...reply, body: { customer: presentMe(businessId, customer) } };
  }

  return defineRoute({
    name: joinBusiness.name,
    method: 'put',
    path: '/v1/customer/me',
    tag: 'Customer',
    summary: 'Join a business',
    description:
      'Whoever has proved the e-mail or phone of a customer whom a till knows gets that customer’s ' +
      'cards. Joining again changes what is told here.',
    scope: 'self:join',
    isCommand: true,
    hasDefaultKey: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    body: joinBusiness.body,
    responses: {
      200: {
        description: 'A customer of this business.',
        schema: z.object({ customer: meSchema }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    // Whoever has signed in may name the business that they come to.
    handle: (input) => deps.inBusiness(input.body.businessId, () => join(input)),
  });
}
