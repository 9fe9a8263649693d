import type { Demo } from './demo.ts';
import type { Stack } from './stack.ts';

/** Everything `npm start` tells: addresses, keys, and commands that work as they stand. */
export function welcome(stack: Stack, demo: Demo, inspectorUrl: string): string {
  const [store = ''] = demo.storeIds;
  const code = demo.cards[0]?.code ?? '';
  const replayed = Object.entries(demo.replayed).map(([name, value]) => `${name} ${value}`);
  return `
Regulars is up.

  API              ${stack.edgeUrl}/v1
  API reference    ${stack.edgeUrl}/docs
  Operations       ${stack.opsUrl}/ops   user ${stack.opsUser}, password ${stack.opsPassword}
  Mail             ${stack.ses?.url ?? ''}   what customers and staff are sent
  Metrics          ${[`${stack.opsUrl}/metrics`, ...stack.metricsUrls].join(' ')}
  Webhooks         ${inspectorUrl}   shows what arrives; answers as you tell it
  PostgreSQL       ${stack.postgresUrl}
  Redis            ${stack.redisUrl}

  Business         ${demo.businessId}
  POS key          ${demo.apiKey}
  Store            ${store}
  Programs         ${demo.programs.map(({ name, unit }) => `${name} (${unit})`).join(', ')}
  Replayed         ${replayed.join(', ')}
  Sign in          ${signInAddress(stack, demo)}
                   with Google or Apple: be whoever you like
  People           ${demo.people.map(({ email }) => email).join(', ')}
                   password: ${demo.people[0]?.password ?? ''}

Stamp a card:

${stampCommand({ edgeUrl: stack.edgeUrl, ...demo, store, code })}

Look at it:

curl -sS '${stack.edgeUrl}/v1/pos/customers/lookup?cardCode=${encodeURIComponent(code)}' \\
  -H 'Authorization: Bearer ${demo.apiKey}'

Sign in as its owner (POST ${stack.edgeUrl}/v1/public/auth/sign-in):

${signInCommand(stack.edgeUrl, demo.people[0])}
`;
}

/** As the code on a poster says it: whose customer to be, and of which program. */
export function signInAddress({ signInUrl }: Stack, { businessId, programs }: Demo): string {
  const [program] = programs;
  return `${signInUrl ?? ''}?business=${businessId}&program=${program?.id ?? ''}`;
}

function signInCommand(edgeUrl: string, person: Demo['people'][number] | undefined): string {
  const { email, password } = person ?? { email: '', password: '' };
  const body = JSON.stringify({ pool: 'staff', email, password });
  return `curl -sS '${edgeUrl}/v1/public/auth/sign-in' -H 'Content-Type: application/json' \\
  -d '${body}'`;
}

function stampCommand(parts: {
  readonly edgeUrl: string;
  readonly apiKey: string;
  readonly currency: string;
  readonly store: string;
  readonly code: string;
}): string {
  const body = JSON.stringify({
    externalId: 'demo-$(date +%s%N)',
    storeId: parts.store,
    occurredAt: '$(date -u +%Y-%m-%dT%H:%M:%SZ)',
    customer: { cardCode: parts.code },
    currency: parts.currency,
    total: 450,
  });
  // Double quotes, so that the shell fills in the two dates: a new sale each time.
  return `curl -sS -X POST '${parts.edgeUrl}/v1/pos/transactions' \\
  -H 'Authorization: Bearer ${parts.apiKey}' \\
  -H 'Content-Type: application/json' -H 'Prefer: wait=5' \\
  -d "${body.replaceAll('"', '\\"')}"`;
}
