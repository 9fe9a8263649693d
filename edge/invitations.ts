import type { BusinessId, StaffId } from '../domain/values/ids.ts';
import { linkStaff } from '../queues/commands/link-staff.ts';
import type { Accounts } from './accounts.ts';
import type { CommandGate } from './command-gate.ts';
import type { AcceptInvitations } from './sign-in.ts';

export interface Invitation {
  businessId: BusinessId;
  staffId: StaffId;
}

/** Invitations to an e-mail address that nobody has accepted. */
export type FindInvitations = (email: string) => Promise<readonly Invitation[]>;

const PATIENCE_MS = 5_000;
/** Somebody without an invitation asks the sign-in service for their address so often, no oftener. */
const TRY_AGAIN_MS = 10_000;
const MAX_REMEMBERED = 10_000;

/**
 * Accepts what somebody was invited to, at their first call: if the sign-in service says that they
 * have proved the address that was invited. An address that they only typed in proves nothing.
 */
export function createAcceptInvitations(deps: {
  accounts: Accounts;
  findInvitations: FindInvitations;
  gate: CommandGate;
  now: () => number;
}): AcceptInvitations {
  const { accounts, findInvitations, gate, now } = deps;
  const triedAt = new Map<string, number>();

  async function accept({ businessId, staffId }: Invitation, subject: string): Promise<boolean> {
    const link = { staffId, subject };
    const principal = { kind: 'system', businessId, id: 'sign-in' } as const;
    const job = await gate.accept({
      command: linkStaff,
      body: link,
      payload: link,
      principal,
      headers: {
        idempotencyKey: `${staffId}/${subject}`,
        waitSeconds: undefined,
        traceparent: undefined,
      },
    });
    const ended = await gate.waitForEnd(principal, job, PATIENCE_MS);
    return ended.status === 'completed';
  }

  return async (subject, token) => {
    const last = triedAt.get(subject);
    if (last !== undefined && last + TRY_AGAIN_MS > now()) return false;
    if (triedAt.size >= MAX_REMEMBERED) triedAt.clear();
    triedAt.set(subject, now());
    const email = (await accounts.provenContacts(token))?.email;
    if (email === undefined) return false;
    const invitations = await findInvitations(email);
    const accepted = await Promise.all(invitations.map((i) => accept(i, subject)));
    return accepted.includes(true);
  };
}
