import type { Card } from '../ledger/card.ts';
import { type Program, versionAt } from '../programs/program.ts';
import type { CustomerId, IdSource, ProgramId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/**
 * The cards that a person opens for a customer, in programs where none is held yet, whatever the
 * program's enrolment; undefined when a program does not exist here or has not begun.
 */
export function openCards(
  wanted: { customerId: CustomerId; programIds: readonly ProgramId[]; at: Instant },
  state: { programs: readonly Program[]; held: readonly Card[] },
  ids: IdSource,
): Card[] | undefined {
  const cards: Card[] = [];
  for (const programId of new Set(wanted.programIds)) {
    const program = state.programs.find((p) => p.id === programId);
    const version = program && versionAt(program, wanted.at);
    if (!version) return undefined;
    if (state.held.some((card) => card.programId === programId)) continue;
    cards.push({
      id: ids.id('crd'),
      programId,
      customerId: wanted.customerId,
      code: ids.code(),
      status: 'active',
      balance: 0,
      debt: 0,
      // Its opening is its first event.
      sequence: 1,
      versionNumber: version.number,
      activeUntil: null,
      lots: [],
    });
  }
  return cards;
}
