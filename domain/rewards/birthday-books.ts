import type {
  BusinessId,
  CardId,
  CustomerId,
  ProgramId,
  RewardDefinitionId,
} from '../values/ids.ts';
import type { BusinessDate, Instant } from '../values/time.ts';
import type { Birthday } from './birthday.ts';

/** Somebody whose birthday it is, and who has had nothing for it yet. */
export interface BirthdayCard {
  customerId: CustomerId;
  cardId: CardId;
  /** This year's. */
  date: BusinessDate;
}

/** Birthdays, inside one transaction. */
export interface BirthdayBooks {
  /** Rewards that are given for birthdays now. */
  findDefinitions(
    businessId: BusinessId,
  ): Promise<{ id: RewardDefinitionId; programId: ProgramId }[]>;
  /**
   * Active cards of a program whose customers have one of some birthdays and were given nothing of a
   * definition for one since; by customer.
   */
  findCards(
    businessId: BusinessId,
    wanted: {
      definitionId: RewardDefinitionId;
      programId: ProgramId;
      birthdays: readonly Birthday[];
      givenSince: Instant;
      after: CustomerId | null;
      limit: number;
    },
  ): Promise<BirthdayCard[]>;
}
