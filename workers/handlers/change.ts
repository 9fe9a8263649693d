import type { CommandStore } from '../../domain/ledger/command-store.ts';
import type { Given, RecordOf, Records, Setup } from '../../domain/tenancy/setup.ts';
import type { Id, IdKind, IdSource } from '../../domain/values/ids.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { WorkOutcome } from './command.ts';

export interface SetupRepos {
  setup: Setup;
}

export interface SetupDependencies<Repos = SetupRepos> {
  store: CommandStore<Repos>;
  ids: IdSource;
}

/** A rule's no. */
export type Refusal = { status: 'declined'; code: string; detail?: string };

/** A refusal, with its stable code and, where the title does not say it all, one more sentence. */
export function refuse(code: string, detail?: string): Refusal {
  return { status: 'declined', code, ...(detail !== undefined && { detail }) };
}

/** Adds a record. The edge reads it and answers with it as a GET would. */
export async function addRecord<Kind extends IdKind, Fields extends object>(
  records: Records<Kind, Fields>,
  message: Envelope,
  added: { id: Id<Kind>; fields: Given<Fields>; audit?: object },
): Promise<WorkOutcome> {
  const { id, fields, audit = fields } = added;
  await records.add(message.businessId, id, fields);
  return {
    status: 'completed',
    transactionId: null,
    result: { id, revision: 1 },
    subjectId: id,
    auditDetail: audit,
  };
}

/**
 * Changes a record that is still as the sender saw it. Declines as `not-found`, as
 * `precondition-failed` when somebody else was quicker, or as `decide` does.
 * @param decide what to write, from what is there now
 */
export async function changeRecord<
  Kind extends IdKind,
  Fields extends object,
  Payload extends { id: Id<Kind>; expectedRevision: number },
>(
  records: Records<Kind, Fields>,
  message: Envelope<Payload>,
  decide: (
    changes: Omit<Payload, 'id' | 'expectedRevision'>,
    record: RecordOf<Fields>,
  ) => Given<Fields> | Refusal | Promise<Given<Fields> | Refusal>,
  audit?: object,
): Promise<WorkOutcome> {
  const { id, expectedRevision, ...changes } = message.payload;
  const record = await records.lock(message.businessId, id);
  if (!record) return { ...refuse('not-found'), subjectId: id };
  if (record.revision !== expectedRevision) {
    const detail = `It is at revision ${record.revision} by now. Read it again, then change it.`;
    return { ...refuse('precondition-failed', detail), subjectId: id };
  }
  const decided = await decide(changes, record);
  if (isRefusal(decided)) return { ...decided, subjectId: id };
  const revision = await records.change(message.businessId, id, decided);
  return {
    status: 'completed',
    transactionId: null,
    result: { id, revision },
    subjectId: id,
    auditDetail: audit ?? decided,
  };
}

function isRefusal(decided: object): decided is Refusal {
  return 'status' in decided && decided.status === 'declined' && 'code' in decided;
}
