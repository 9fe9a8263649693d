/** An account of a user pool, as far as it says whose it is. */
export interface PoolAccount {
  username: string;
  /** Whether it was ever proved; until then nobody has been let in. */
  isConfirmed: boolean;
  /** Whether its e-mail address, as it stands now, was proved. */
  isEmailProven: boolean;
  /** When it was made, in epoch milliseconds. */
  createdAt: number;
}

/** What becomes of somebody who comes from an identity provider for the first time. */
export type AccountChoice =
  /** They are the owner of this account. */
  | { kind: 'link'; username: string }
  /** They are new: they get an account for this address, in place of these that nobody proved. */
  | { kind: 'begin'; remove: readonly string[] }
  /** They stay by themselves: what is known does not say who they are. */
  | { kind: 'apart' };

/**
 * Whose account somebody has who comes from an identity provider for the first time. Only an address
 * that both sides proved says that two are one. An account that was begun with the address and never
 * confirmed is nobody's: whoever began it may know its password, so it is given up and never linked.
 * @param arrival.isEmailProven as the provider says
 * @param known the accounts with the same address
 */
export function chooseAccount(
  arrival: { isEmailProven: boolean },
  known: readonly PoolAccount[],
): AccountChoice {
  if (!arrival.isEmailProven) return { kind: 'apart' };
  const [oldest] = known
    .filter((account) => account.isConfirmed && account.isEmailProven)
    .sort((a, b) => a.createdAt - b.createdAt);
  if (oldest) return { kind: 'link', username: oldest.username };
  // Somebody's account that took this address on and has not proved it: neither theirs nor to be removed.
  if (known.some((account) => account.isConfirmed)) return { kind: 'apart' };
  return { kind: 'begin', remove: known.map(({ username }) => username) };
}
