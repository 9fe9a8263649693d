import { queueUrlsOf, readFunctionsConfig } from '../../infra/config/config.ts';
import { createSqs } from '../../infra/sqs/client.ts';
import { createDeadLetters } from '../../infra/sqs/dead-letters.ts';
import { type FunctionName, functionNames } from '../../queues/functions.ts';

const USAGE = `Usage: npm run redrive -- [${functionNames.join('|')}]
Sends a function's dead letters to it again; without a name shows how many there are, and some.
It needs the environment of the process functions: EMAIL_QUEUE_URL, FEEDBACK_QUEUE_URL,
ANALYTICS_QUEUE_URL, AWS_REGION.`;

/** `npm run redrive`: what functions could not do, again. */
async function main(name: string | undefined): Promise<void> {
  if (name !== undefined && !functionNames.includes(name as FunctionName)) throw new Error(USAGE);
  const config = readFunctionsConfig(process.env);
  const sqs = createSqs({
    region: config.AWS_REGION,
    endpoint: config.SQS_ENDPOINT,
    env: process.env,
  });
  const deadLetters = createDeadLetters({ sqs, queueUrls: queueUrlsOf(config) });
  if (name !== undefined)
    return print({ carried: await deadLetters.redrive(name as FunctionName) });
  for (const depth of await deadLetters.depths()) {
    const letters = depth.dead > 0 ? await deadLetters.peek(depth.function) : [];
    print({ ...depth, letters });
  }
}

function print(content: unknown): void {
  process.stdout.write(`${JSON.stringify(content, undefined, 2)}\n`);
}

try {
  await main(process.argv[2]);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
