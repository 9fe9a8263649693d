import { undoAward } from '../../../domain/counter/award-stamps.ts';
import { step } from '../../../domain/earning/explanation.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Role } from '../../../domain/tenancy/permissions.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { describeAmount } from '../../../domain/values/units.ts';
import { createCommandHandler } from '../command.ts';
import { counterEntry } from '../counter-work.ts';
import { undoPurchase, type UndoRepos } from './undo-purchase.ts';

/**
 * Takes back what was stamped or rung up by hand. Outcomes: `completed` with the undoing, or `declined` as
 * `unknown-award`, or as domain/counter/award-stamps.ts refuses.
 */
export function createUndoAwardHandler(dependencies: {
  store: CommandStore<UndoRepos>;
  ids: IdSource;
}) {
  const { ids } = dependencies;
  return createCommandHandler<'undo-award', UndoRepos>(
    dependencies,
    async (transaction, message) => {
      const { books, counter } = transaction;
      const { businessId, payload, principal } = message;
      const { transactionId: originalId } = payload;
      const found = await counter.findAward(businessId, originalId);
      if (!found) return undoPurchase(transaction, message, ids);
      const card = await books.lockCard(businessId, found.cardId);
      // Once more, now that nobody else can undo it at the same time.
      const award = card && (await counter.findAward(businessId, originalId));
      const program = (await books.loadConfig(businessId))?.programs.find(
        (p) => p.id === card?.programId,
      );
      if (!award || !program) return { status: 'declined', code: 'unknown-award' };
      const reason = payload.reason ?? null;
      const by = `${principal.kind}:${principal.id}`;
      const at = Date.parse(message.receivedAt);
      const role = principal.role as Role;
      const decision = undoAward({ card, award, by, role, reason, at });
      const subjectId = card.id;
      if (decision.kind === 'refused') {
        return { status: 'declined', code: decision.code, subjectId };
      }
      const { change } = decision;
      const taken = `${describeAmount(award.amount, program.unit)} taken back`;
      const explanation = step('award-undone', reason === null ? taken : `${taken}: ${reason}`);
      const { storeId } = award;
      const about = { change, program, amount: -award.amount, storeId, originalId, explanation };
      const entry = counterEntry(message, { ...about, receipt: payload }, ids);
      await books.write([entry]);
      return {
        status: 'completed',
        transactionId: entry.id,
        result: { award: entry.outcome },
        subjectId,
        auditDetail: { originalId, reason },
      };
    },
  );
}
