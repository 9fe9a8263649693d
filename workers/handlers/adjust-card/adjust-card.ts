import { adjustCard } from '../../../domain/ledger/adjust.ts';
import { type BookEntry, isBalanced } from '../../../domain/ledger/book-entry.ts';
import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import { step } from '../../../domain/earning/explanation.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { localDate } from '../../../domain/values/time.ts';
import { describeAmount, presentAmount, toLedgerUnits } from '../../../domain/values/units.ts';
import { balanceChanged } from '../card-events.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Puts an amount on a card or takes it off, with a reason. Outcomes: `completed` with the card's new
 * balance, or `declined` as `unknown-card`, `card-closed`, `insufficient-balance`, or
 * `fraction-of-a-stamp`.
 */
export function createAdjustCardHandler(dependencies: {
  store: CommandStore<{ books: LedgerBooks }>;
  ids: IdSource;
}) {
  const { ids } = dependencies;
  return createCommandHandler<'adjust-card', { books: LedgerBooks }>(
    dependencies,
    async ({ books }, message) => {
      const { businessId, payload, principal } = message;
      const subjectId = payload.cardId;
      const card = await books.lockCard(businessId, payload.cardId);
      const config = await books.loadConfig(businessId);
      const program = config?.programs.find((p) => p.id === card?.programId);
      if (!card || !program) return { status: 'declined', code: 'unknown-card', subjectId };
      const { unit } = program;
      if (unit === 'stamp' && payload.amount.includes('.')) {
        return { status: 'declined', code: 'fraction-of-a-stamp', subjectId };
      }
      const sign = payload.amount.startsWith('-') ? -1 : 1;
      const amount = sign * toLedgerUnits(payload.amount.replace(/^-/, ''), unit);
      const at = Date.parse(message.receivedAt);
      const decision = adjustCard({ card, program, amount, at }, ids);
      if (decision.kind === 'refused') {
        return { status: 'declined', code: decision.code, subjectId };
      }
      const { change } = decision;
      if (!isBalanced(change)) throw new Error(`the books would not balance on ${card.id}`);
      const id = ids.id('txn');
      const verb = amount > 0 ? 'added' : 'taken away';
      const text = `${describeAmount(Math.abs(amount), unit)} ${verb}: ${payload.reason}`;
      const adjustment = {
        id,
        cardId: card.id,
        programId: program.id,
        unit,
        amount: presentAmount(amount, unit),
        balance: presentAmount(change.card.balance, unit),
        reason: payload.reason,
        explanation: [step('adjusted', text)],
      };
      const entry: BookEntry = {
        id,
        businessId,
        kind: 'adjustment',
        integration: `${principal.kind}:${principal.id}`,
        externalId: message.id,
        requestHash: message.requestHash,
        storeId: null,
        customerId: card.customerId,
        status: 'recorded',
        occurredAt: at,
        receivedAt: at,
        businessDate: localDate(at, program.zone),
        originalId: null,
        receipt: payload,
        judgement: null,
        outcome: adjustment,
        newCustomer: null,
        cards: [change],
        events: [balanceChanged(change, { transactionId: id, change: amount, unit }, ids)],
      };
      await books.write([entry]);
      return {
        status: 'completed',
        transactionId: id,
        result: { adjustment },
        subjectId,
        auditDetail: { amount: payload.amount, reason: payload.reason },
      };
    },
  );
}
