/** Where people sign in, as `/v1/public/auth/config` tells it. */
export interface SignInPool {
  clientId: string;
  issuer: string;
  domain: string | null;
  providers: string[];
  scopes: string[];
}

export interface ProgramPage {
  name: string;
  rules: string[];
}

export interface Customer {
  name: string | null;
}

export interface Card {
  id: string;
  programName: string;
  unit: 'stamp' | 'point';
  balance: number | string;
  progress: { current: number | string; target: number | string; text: string } | null;
}

/** An answer that says what is wrong, for people. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
}

/**
 * The API's calls that this page makes; it is served from the same origin.
 * @param caller who calls, and whose customer they are; absent for what anybody may ask
 */
export function createApi(caller?: { accessToken: string; business: string }) {
  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(`/v1${path}`, {
      method,
      credentials: 'omit',
      headers: {
        ...(body && { 'Content-Type': 'application/json' }),
        ...(caller && {
          Authorization: `Bearer ${caller.accessToken}`,
          'Regulars-Business': caller.business,
        }),
        ...(method === 'POST' && { 'Idempotency-Key': crypto.randomUUID() }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const told = (await answer.json()) as Answer & { detail?: string; title?: string };
    if (!answer.ok)
      throw new ProblemError(told.detail ?? told.title ?? `It said ${answer.status}.`);
    return told;
  }

  return {
    async customersPool(): Promise<SignInPool> {
      const { customers } = await call<{ customers: SignInPool }>('GET', '/public/auth/config');
      return customers;
    },
    program: (id: string) => call<ProgramPage>('GET', `/public/programs/${encodeURIComponent(id)}`),
    join: (businessId: string) => call<unknown>('PUT', '/customer/me', { businessId }),
    async me(): Promise<Customer> {
      return (await call<{ customer: Customer }>('GET', '/customer/me')).customer;
    },
    openCard: (programId: string) => call<unknown>('POST', '/customer/me/cards', { programId }),
    async cards(): Promise<Card[]> {
      return (await call<{ data: Card[] }>('GET', '/customer/me/cards')).data;
    },
    signOut: (tokens: { refreshToken: string; accessToken: string }) =>
      call<unknown>('POST', '/public/auth/sign-out', { pool: 'customers', ...tokens }),
  };
}
