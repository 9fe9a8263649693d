import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY_MS } from '../../domain/values/time.ts';
import { readTable } from './data.ts';

export const FOLDER = 'complete_journey';

export type Campaign = {
  readonly campaign: string;
  readonly type: string;
  readonly start_date: string;
  readonly end_date: string;
};
export type Redemption = {
  readonly household: string;
  readonly coupon_upc: string;
  readonly campaign: string;
  readonly date: string;
};
type Member = { readonly campaign: string; readonly household: string };

export type CouponData = {
  readonly campaigns: readonly Campaign[];
  readonly members: readonly Member[];
  readonly redemptions: readonly Redemption[];
  /** Everyone in a campaign, by number. */
  readonly households: readonly string[];
  couponsOf(campaign: string): string[];
};

/** Campaigns, who was sent them, their coupons, and what was really redeemed. */
export function readCoupons(dataDir: string): CouponData {
  const read = <R extends Record<string, string>>(file: string) =>
    readTable<R>(dataDir, FOLDER, file);
  const members = read<Member>('campaign_members.csv.gz');
  const coupons = new Map<string, Set<string>>();
  for (const row of read<{ coupon_upc: string; campaign: string }>('coupon_products.csv.gz')) {
    const known = coupons.get(row.campaign) ?? new Set();
    coupons.set(row.campaign, known.add(row.coupon_upc));
  }
  const households = [...new Set(members.map(({ household }) => household))];
  return {
    campaigns: read<Campaign>('campaigns.csv').filter(({ campaign }) => coupons.has(campaign)),
    members,
    redemptions: read<Redemption>('redemptions.csv.gz'),
    households: households.toSorted((a, b) => Number(a) - Number(b)),
    couponsOf: (campaign) => [...(coupons.get(campaign) ?? [])],
  };
}

/** A redemption with one thing changed, beside the real one. */
export type Changed = Redemption & { readonly origin: Redemption };

/** The redemptions tried again with one thing changed, and how many of each are still right. */
export function readChanges(
  dataDir: string,
  data: CouponData,
): { name: string; redemptions: Changed[]; expected: number | undefined }[] {
  const truth = JSON.parse(readFileSync(join(dataDir, FOLDER, 'truth.json'), 'utf8')) as {
    changed_redemptions: Record<string, number | string>;
  };
  const endOf = (campaign: string) =>
    data.campaigns.find((c) => c.campaign === campaign)?.end_date ?? '';
  const nextHousehold = (household: string) =>
    data.households[data.households.indexOf(household) + 1] ?? 'none';
  const changes: Record<string, (redemption: Redemption) => Partial<Redemption>> = {
    '28_days_later': ({ date }) => ({ date: addDays(date, 28) }),
    day_after_campaign_end: ({ campaign }) => ({ date: addDays(endOf(campaign), 1) }),
    on_campaign_end_day: ({ campaign }) => ({ date: endOf(campaign) }),
    next_household_number_of_this_part: ({ household }) => ({
      household: nextHousehold(household),
    }),
    next_campaign_number: ({ campaign }) => ({ campaign: String(Number(campaign) + 1) }),
  };
  return Object.entries(changes).map(([key, change]) => {
    const expected = truth.changed_redemptions[key];
    return {
      name: key.replaceAll('_', ' '),
      redemptions: data.redemptions.map((r) => ({ ...r, ...change(r), origin: r })),
      expected: typeof expected === 'number' ? expected : undefined,
    };
  });
}

/** What the answer to a claim must be: told from the tables alone, in the documented order. */
export function verdictOn(data: CouponData, redemption: Redemption): string {
  const { household, campaign: number, coupon_upc: coupon, date } = redemption;
  const campaign = data.campaigns.find((c) => c.campaign === number);
  if (!data.households.includes(household)) return 'unknown-card';
  if (!campaign) return 'unknown-reward-definition';
  if (date < campaign.start_date || date > campaign.end_date) return 'out-of-season';
  if (!data.couponsOf(number).includes(coupon)) return 'unknown-coupon';
  const isMember = data.members.some((m) => m.household === household && m.campaign === number);
  return isMember ? 'claimed' : 'not-in-audience';
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The last part of a problem's type: its code. */
export function ends(type: string): string {
  return type.slice(type.lastIndexOf('/') + 1);
}
