import type { CommandStore, CommandTransaction } from '../../domain/ledger/command-store.ts';
import type { FinishedJob } from '../../domain/ledger/finished-job.ts';
import type { IdSource, StaffId } from '../../domain/values/ids.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { CommandOutcome } from '../../queues/outcome.ts';
import type { CommandName, PayloadOf } from '../../queues/registry.ts';
import type { Handler } from './handler.ts';

/** Loads, decides and writes one command. Writes nothing when it declines. */
export type CommandWork<Name extends CommandName, Repos> = (
  transaction: Repos & CommandTransaction,
  message: Envelope<PayloadOf<Name>>,
) => Promise<WorkOutcome>;

/** An outcome, and what the audit log says of it beyond the command's name. */
export type WorkOutcome = CommandOutcome & { subjectId?: string; auditDetail?: object };

/**
 * A handler that commits each command on its own, with its job and its line in the audit log. A
 * message that was handled before gets its first outcome again and changes nothing.
 */
export function createCommandHandler<Name extends CommandName, Repos>(
  dependencies: { store: CommandStore<Repos>; ids: IdSource },
  work: CommandWork<Name, Repos>,
): Handler<Name> {
  const { store, ids } = dependencies;
  const handle = (message: Envelope<PayloadOf<Name>>) =>
    store.transact(async (transaction): Promise<CommandOutcome> => {
      // A job that stalled may be handled twice at once; the second waits here and finds the first's end.
      await transaction.exclusively(message.id);
      const known = await transaction.findJob(message.businessId, message.id);
      if (known && known.status !== 'failed') return repeated(known);
      const { principal } = message;
      const { subjectId, auditDetail, ...outcome } = (await maySend(transaction, message))
        ? await work(transaction, message)
        : LEFT;
      await transaction.finish(endedJob(message, outcome), {
        id: ids.id('aud'),
        principal,
        subjectId: subjectId ?? null,
        detail: auditDetail ?? null,
      });
      return outcome;
    });
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const message of messages) outcomes.push(await handle(message));
    return outcomes;
  };
}

/** What becomes of a command whose sender may not send it any more. */
export const LEFT: WorkOutcome = {
  status: 'declined',
  code: 'forbidden',
  detail: 'Your role has changed, or ended, since you asked for this.',
};

/** Whether who sent it is still what they were when the edge let them in. */
export async function maySend(
  transaction: CommandTransaction,
  message: Envelope,
): Promise<boolean> {
  const { businessId, principal } = message;
  if (principal.kind !== 'staff') return true;
  const role = await transaction.findStaffRole(businessId, principal.id as StaffId);
  return role !== undefined && role === principal.role;
}

/** A job as it is after an outcome. */
export function endedJob(message: Envelope, outcome: CommandOutcome): FinishedJob {
  return {
    id: message.id,
    businessId: message.businessId,
    type: message.type,
    requestHash: message.requestHash,
    receivedAt: Date.parse(message.receivedAt),
    status: outcome.status,
    transactionId: outcome.status === 'completed' ? outcome.transactionId : null,
    problem:
      outcome.status === 'declined'
        ? { code: outcome.code, ...(outcome.detail && { detail: outcome.detail }) }
        : null,
    result: outcome.status === 'declined' ? null : (outcome.result ?? null),
  };
}

/** The outcome that a job had when it was handled before. */
export function repeated(job: FinishedJob): CommandOutcome {
  if (job.status === 'waiting') return { status: 'waiting' };
  if (job.status === 'declined') {
    return { status: 'declined', code: job.problem?.code ?? 'declined' };
  }
  return {
    status: 'completed',
    transactionId: job.transactionId,
    ...(job.result && { result: job.result }),
  };
}
