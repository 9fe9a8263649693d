/** What holds for every route, for whoever reads the reference page first. Markdown. */
export const introduction = `Loyalty for shops: a till posts its sales, and customers' cards fill up.

**Who calls.** \`Authorization: Bearer …\`, with the key of an integration (\`rk_…\`) or the access token of
somebody who has signed in. What belongs to another business is answered as what does not exist: 404.

**Changes are jobs.** A command is answered 202 with a \`job\` as soon as it cannot be lost, and done a
moment later. \`GET /v1/jobs/{id}?wait=20\` tells how it ended: \`completed\`, \`declined\` (a rule said no,
and \`problem\` says which) or \`failed\` (ours to mend; it will be done). With \`Prefer: wait=5\` the command
itself waits, and answers with the outcome. What people do waits 5 seconds unless told otherwise, what tills
post does not. Or have your servers told: see Webhooks.

**Send it again.** The same request under the same \`Idempotency-Key\` counts once, however often it comes, and
is answered with the same job; a sale needs no key, as its \`externalId\` serves for ever. So whatever breaks
(no answer, 429, 503) is sent again as it was, after \`Retry-After\`. Another body under a known key is refused.

**How much.** \`RateLimit-Policy\` says how many requests you may send at once and in how many seconds as many
again, \`RateLimit\` what is left. Above that is 429; \`/v1/pos/transactions/batch\` takes 500 sales in one.

**What was set up** (brands, programs, …) has a revision: read it, and send its \`ETag\` as \`If-Match\` with
the change. **Lists** come in pages: \`limit\` up to 100, and \`nextCursor\` as \`cursor\` of the next.

**Values.** Amounts of money are whole numbers in the currency's smallest unit; points are decimal strings,
stamps whole numbers. Moments carry their zone (RFC 3339). Fields that are not in the schema are refused.

**Errors** are RFC 9457 problems, with the same \`requestId\` as the answer's \`X-Request-Id\`:`;
