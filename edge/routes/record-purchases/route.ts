import { z } from 'zod';
import { recordPurchase } from '../../../queues/commands/record-purchase.ts';
import type { ContactSealer } from '../../../queues/contact.ts';
import type { CommandGate } from '../../command-gate.ts';
import type { JobView } from '../../jobs.ts';
import type { PosPrincipal, SetupReader } from '../../ports.ts';
import { Problem, type ProblemDocument, problemDocument } from '../../problems.ts';
import { checkReceipt } from '../../receipt-check.ts';
import type { RotatingCodes } from '../../rotating-codes.ts';
import { defineRoute } from '../../route.ts';
import { jobSchema, problemSchema } from '../../schemas.ts';
import { parseBody } from '../../validation.ts';
import { toPayload } from '../record-purchase/payload.ts';

type Entry = { index: number; job: JobView } | { index: number; problem: ProblemDocument };

/** `POST /v1/pos/transactions/batch`: what a till kept while it was offline. */
export function recordPurchasesRoute(deps: {
  gate: CommandGate;
  setup: SetupReader;
  sealer: ContactSealer;
  codes: RotatingCodes;
}) {
  async function record(
    sale: unknown,
    index: number,
    sender: { principal: PosPrincipal; traceparent: string | undefined },
  ): Promise<Entry> {
    const { principal, traceparent } = sender;
    try {
      const body = parseBody(recordPurchase.body, sale);
      await checkReceipt(body, principal, deps.setup);
      const payload = await toPayload(body, principal, deps);
      // Each sale stands for itself under its own externalId; the request's key would join them.
      const headers = { idempotencyKey: undefined, waitSeconds: undefined, traceparent };
      const request = { command: recordPurchase, body, payload, principal, headers };
      return { index, job: await deps.gate.accept(request) };
    } catch (error) {
      if (error instanceof Problem) return { index, problem: problemDocument(error) };
      throw error;
    }
  }

  return defineRoute({
    name: 'record-purchases',
    method: 'post',
    path: '/v1/pos/transactions/batch',
    tag: 'POS',
    summary: 'Record up to 500 sales',
    description:
      'One entry per sale, in order, each its own job or its own problem: a bad sale never holds up ' +
      'a good one. Send the whole batch again if no answer came; what was taken is not taken twice.',
    scope: 'transactions:write',
    bodyLimitBytes: 2_000_000,
    body: z.strictObject({
      transactions: z
        .array(z.unknown())
        .min(1)
        .max(500)
        .meta({ description: 'Sales as in `POST /v1/pos/transactions`.' }),
    }),
    responses: {
      202: {
        description: 'What became of each sale.',
        schema: z.object({
          entries: z.array(
            z.object({
              index: z.int(),
              job: jobSchema.optional(),
              problem: problemSchema.optional(),
            }),
          ),
        }),
      },
    },
    async handle({ body, principal, headers: { traceparent } }) {
      const entries = await Promise.all(
        body.transactions.map((sale, index) => record(sale, index, { principal, traceparent })),
      );
      const away = entries.every((entry) => 'problem' in entry && entry.problem.status === 503);
      if (away) throw new Problem('unavailable', { headers: { 'Retry-After': '1' } });
      return { status: 202, body: { entries } };
    },
  });
}
