import {
  isShownAt,
  readRotatingCode,
  type RotatingCode,
  stepAt,
  STEP_MS,
  formatRotatingCode,
} from '../domain/customers/rotating-code.ts';
import type { BusinessId, CardId } from '../domain/values/ids.ts';
import type { Instant } from '../domain/values/time.ts';
import { Problem } from './problems.ts';

/** What proves a card's rotating codes. */
export interface RotatingCodeKeys {
  keyOf(cardId: CardId): string;
  macOf(cardId: CardId, code: Pick<RotatingCode, 'cardCode' | 'step'>): string;
  isGenuine(cardId: CardId, code: RotatingCode): boolean;
}

export interface RotatingCodesDependencies {
  findCardByCode: (businessId: BusinessId, code: string) => Promise<CardId | undefined>;
  keys: RotatingCodeKeys;
  /** See infra/redis/used-codes.ts. */
  burn: (code: string, use: string) => Promise<boolean>;
}

/** Who shows a code, when, and what for. */
export interface Showing {
  businessId: BusinessId;
  /** When it was scanned. */
  at: Instant;
  /** Whoever scanned it first in its half minute is the only one who may go on with it. */
  by: string;
  /** The sale that it is for; one sale a code. Absent where it is only looked at. */
  sale?: string;
}

/** Rotating codes as the API takes and gives them. */
export interface RotatingCodes {
  /**
   * The plain code of the card that a rotating code is of.
   * @throws Problem `not-found`, `code-invalid`, `code-expired`, `code-used`, or `unavailable` where
   *   nobody can say whether it was used
   */
  use(qr: string, showing: Showing): Promise<string>;
  /** The same for a look that leaves no trace. */
  look(qr: string, showing: Pick<Showing, 'businessId' | 'at'>): Promise<string>;
  /** What a phone needs to show codes by itself. */
  give(card: { id: CardId; code: string }, at: Instant): GivenCodes;
}

export interface GivenCodes {
  key: string;
  cardCode: string;
  periodSeconds: number;
  code: string;
  until: string;
}

export function createRotatingCodes(deps: RotatingCodesDependencies): RotatingCodes {
  const { findCardByCode, keys, burn } = deps;

  async function check(qr: string, { businessId, at }: Pick<Showing, 'businessId' | 'at'>) {
    const code = readRotatingCode(qr);
    if (!code) throw new Problem('code-invalid');
    const cardId = await findCardByCode(businessId, code.cardCode);
    if (cardId === undefined) throw new Problem('not-found');
    if (!keys.isGenuine(cardId, code)) throw new Problem('code-invalid');
    if (!isShownAt(code, at)) throw new Problem('code-expired');
    return { code, cardId };
  }

  return {
    async use(qr, showing) {
      const { code, cardId } = await check(qr, showing);
      const name = `${cardId}:${code.step}`;
      const { by, sale } = showing;
      const isFree = await (async () =>
        (await burn(`${name}:by`, by)) &&
        (sale === undefined || (await burn(`${name}:sale`, sale))))().catch(() => {
        throw new Problem('unavailable', { headers: { 'Retry-After': '1' } });
      });
      if (!isFree) throw new Problem('code-used');
      return code.cardCode;
    },
    look: async (qr, showing) => (await check(qr, showing)).code.cardCode,
    give({ id, code: cardCode }, at) {
      const step = stepAt(at);
      const mac = keys.macOf(id, { cardCode, step });
      return {
        key: keys.keyOf(id),
        cardCode,
        periodSeconds: STEP_MS / 1_000,
        code: formatRotatingCode({ cardCode, step, mac }),
        until: new Date((step + 1) * STEP_MS).toISOString(),
      };
    },
  };
}
