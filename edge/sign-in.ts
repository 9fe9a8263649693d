import { idPattern } from '../domain/values/ids.ts';
import type {
  CustomerMembership,
  CustomerPrincipal,
  Memberships,
  StaffMembership,
  StaffPrincipal,
  TokenOwner,
  VerifyToken,
  VisitorPrincipal,
} from './ports.ts';
import { Problem } from './problems.ts';

/** Finds the person behind an access token. */
export interface FindPerson {
  /**
   * As a member of one business: the one named by the header `Regulars-Business`, or the only one.
   * Undefined when the token does not hold.
   * @throws Problem `business-required` when it is not clear which business is meant, `not-a-member`
   *   when that business does not know them, `malformed-header`
   */
  asMember(
    token: string,
    business: string | string[] | undefined,
    device: string | undefined,
  ): Promise<StaffPrincipal | CustomerPrincipal | undefined>;
  /**
   * As somebody who has signed in as a customer. Undefined when the token does not hold.
   * @throws Problem `forbidden` for staff
   */
  asVisitor(token: string, device: string | undefined): Promise<VisitorPrincipal | undefined>;
}

/** Links somebody who was invited and has signed in; true when that made them a member. */
export type AcceptInvitations = (subject: string, token: string) => Promise<boolean>;

const BUSINESS_HEADER = 'Regulars-Business';

/** People by their tokens and by the businesses that know them. */
export function createFindPerson(dependencies: {
  verifyToken: VerifyToken;
  memberships: Memberships;
  acceptInvitations: AcceptInvitations;
  /** Told of every use of a session. */
  noteSession: (owner: TokenOwner, device: string | undefined) => void;
}): FindPerson {
  const { memberships, acceptInvitations } = dependencies;

  async function verifyToken(token: string, device: string | undefined) {
    const owner = await dependencies.verifyToken(token);
    if (owner) dependencies.noteSession(owner, device);
    return owner;
  }

  async function findStaff(owner: TokenOwner, token: string, business: string | undefined) {
    const { subject } = owner;
    const found = choose(await memberships.ofStaff(subject, business), business);
    if (found) return found;
    // The first call of somebody who was invited, or invited by one business more.
    const isLinked = await acceptInvitations(subject, token);
    return isLinked ? choose(await memberships.ofStaff(subject, business), business) : undefined;
  }

  return {
    async asMember(token, header, device) {
      const owner = await verifyToken(token, device);
      if (!owner) return undefined;
      const business = readBusiness(header);
      const { subject, sessionId } = owner;
      if (owner.pool === 'staff') {
        const member = await findStaff(owner, token, business);
        if (!member) throw notAMember('Ask the owner for an invitation to this e-mail address.');
        return { kind: 'staff', subject, sessionId, ...member };
      }
      const member = choose(await memberships.ofCustomer(subject, business), business);
      if (!member) throw notAMember('Join it first: PUT /v1/customer/me.');
      return { kind: 'customer', subject, sessionId, ...member };
    },

    async asVisitor(token, device) {
      const owner = await verifyToken(token, device);
      if (!owner) return undefined;
      if (owner.pool === 'staff') {
        throw new Problem('forbidden', { detail: 'Sign in as a customer for this.' });
      }
      return { kind: 'visitor', subject: owner.subject, accessToken: token };
    },
  };
}

function choose<M extends StaffMembership | CustomerMembership>(
  memberships: readonly M[],
  business: string | undefined,
): M | undefined {
  if (business !== undefined) return memberships.find((m) => m.businessId === business);
  if (memberships.length < 2) return memberships[0];
  const detail = `Say which business you mean, in the header ${BUSINESS_HEADER}.`;
  throw new Problem('business-required', {
    detail,
    errors: memberships.map(({ businessId }) => ({
      pointer: BUSINESS_HEADER,
      code: 'missing',
      detail: businessId,
    })),
  });
}

function readBusiness(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const business = String(header);
  if (idPattern('biz').test(business)) return business;
  const detail = 'must be the id of a business';
  throw new Problem('malformed-header', {
    detail: `${BUSINESS_HEADER} ${detail}.`,
    errors: [{ pointer: BUSINESS_HEADER, code: 'malformed', detail }],
  });
}

function notAMember(detail: string): Problem {
  return new Problem('not-a-member', { detail });
}
