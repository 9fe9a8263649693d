import { z } from 'zod';
import { backtestVersion } from '../../../queues/commands/backtest-version.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { idSchema, presentedAmount } from '../../schemas.ts';

const figures = z
  .object({
    earned: presentedAmount,
    rewards: z.int().meta({ description: 'Rewards minted.' }),
    balance: presentedAmount.meta({ description: 'On cards at the end of the period.' }),
    liability: presentedAmount.meta({
      description: 'What the shop then owed: the balance, and what the rewards cost.',
    }),
  })
  .meta({ id: 'BacktestFigures' });

/** `POST /v1/admin/programs/{id}/versions/{n}/backtest`: what would this version have given? */
export function backtestVersionRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, backtestVersion, {
    method: 'post',
    path: '/v1/admin/programs/:id/versions/:number/backtest',
    tag: 'Admin',
    summary: 'Try a version on real history',
    description:
      'Judges the sales of the last days once more, under this version alone, and answers with what ' +
      'it would have given beside what was given. Changes nothing. Long histories take a while: the ' +
      'job tells how far it is.',
    scope: 'admin:read',
    params: z.object({
      id: idSchema('prg'),
      number: z.coerce
        .number()
        .int()
        .positive()
        .meta({ examples: [2] }),
    }),
    body: backtestVersion.body,
    done: {
      status: 200,
      description: 'The report.',
      schema: z.object({
        backtest: z
          .object({
            programId: z.string(),
            version: z.int(),
            days: z.int(),
            from: z.iso.datetime(),
            to: z.iso.datetime(),
            unit: z.enum(['stamp', 'point']),
            cards: z.int(),
            transactions: z.int(),
            actual: figures,
            draft: figures,
            changedCards: z.int(),
            mostChanged: z
              .array(
                z.object({
                  cardId: z.string(),
                  customerId: z.string(),
                  actual: figures,
                  draft: figures,
                  difference: z.string().meta({ description: 'Earned more (or less, with −).' }),
                }),
              )
              .meta({ description: 'The twenty whom it would change most.' }),
          })
          .meta({ id: 'Backtest' }),
      }),
    },
    payload: ({ params, body }) => ({ programId: params.id, number: params.number, ...body }),
  });
}
