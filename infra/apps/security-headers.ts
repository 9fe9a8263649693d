const YEAR_SECONDS = 31_536_000;

/**
 * What browsers are told about every file of the apps: run our own scripts and nothing else, talk to
 * our own API and the sign-in pages and to nobody else. For whatever serves them: CloudFront, or the
 * local stack.
 * @param connectTo origins of the hosted sign-in pages
 */
export function securityHeaders(connectTo: readonly string[]): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${["'self'", ...connectTo].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'geolocation=(), microphone=(), payment=()',
    'Referrer-Policy': 'no-referrer',
    'Strict-Transport-Security': `max-age=${YEAR_SECONDS}`,
    'X-Content-Type-Options': 'nosniff',
  };
}
