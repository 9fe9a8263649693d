/**
 * The least that could be called an edge: Express, its JSON parser, one job a request, 202. No key,
 * no limit, no schema, no duplicate check, no log. Queue settings and Redis are the product's.
 */
import { Queue } from 'bullmq';
import express from 'express';
import { failFast } from '../../infra/redis/connection.ts';
import { productJobOptions } from '../harness/queue.ts';
import { announceReady, setting } from './peer.ts';

const queue = new Queue('transactions', {
  prefix: setting('REDIS_PREFIX'),
  connection: { url: setting('REDIS_URL'), ...failFast },
  defaultJobOptions: productJobOptions(),
  skipVersionCheck: true,
});
await queue.waitUntilReady();

const app = express();
app.use(express.json());
app.post('/v1/pos/transactions', async (request, response) => {
  const body = request.body as { externalId: string };
  const job = await queue.add('record-purchase', body, { jobId: body.externalId });
  response.status(202).json({ job: { id: job.id } });
});
app.listen(Number(setting('PORT')), '127.0.0.1', announceReady);
