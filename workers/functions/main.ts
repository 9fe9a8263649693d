import { SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from 'pino';
import { readFunctionsConfig } from '../../infra/config/config.ts';
import { createAppMetrics } from '../../infra/telemetry/catalogue.ts';
import { createLog } from '../../infra/telemetry/log.ts';
import { serveMetrics } from '../../infra/telemetry/metrics-server.ts';
import { observeFunction } from '../../infra/telemetry/observe-function.ts';
import { runUntilStopped } from '../../infra/telemetry/process-lifecycle.ts';
import { startTracing } from '../../infra/telemetry/tracing.ts';
import { type FunctionName, functionNames } from '../../queues/functions.ts';
import { startAnalytics } from '../lambdas/analytics/main.ts';
import { startEmail } from '../lambdas/email/main.ts';
import { startFeedback } from '../lambdas/feedback/main.ts';
import type { RunningFunction } from '../lambdas/sqs-event.ts';
import { runFunction } from './run-function.ts';

/** Where there is no Lambda, its functions run here: the same code behind the same queues. */
const starts: Readonly<
  Record<FunctionName, (env: NodeJS.ProcessEnv, log: Logger) => Promise<RunningFunction>>
> = { email: startEmail, feedback: startFeedback, analytics: startAnalytics };

const config = readFunctionsConfig(process.env);
const log = createLog({ process: 'functions', level: config.LOG_LEVEL });
const metrics = createAppMetrics();
const tracing = await startTracing({
  service: 'functions',
  endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  ratio: config.OTEL_TRACES_SAMPLER_ARG,
  log,
});
const sqs = new SQSClient({
  region: config.AWS_REGION,
  // A queue's URL names the stand-in by a host that nobody knows.
  useQueueUrlAsEndpoint: config.SQS_ENDPOINT === undefined,
  ...(config.SQS_ENDPOINT !== undefined && {
    endpoint: config.SQS_ENDPOINT,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
});

const queueUrls: Readonly<Record<FunctionName, string>> = {
  email: config.EMAIL_QUEUE_URL,
  feedback: config.FEEDBACK_QUEUE_URL,
  analytics: config.ANALYTICS_QUEUE_URL,
};
const running = await Promise.all(
  functionNames.map(async (name) => {
    const started = observeFunction(
      name,
      await starts[name](process.env, log.child({ function: name })),
      { metrics, tracing },
    );
    const options = { name, function: started, queueUrl: queueUrls[name], sqs, log };
    const consumer = runFunction({ ...options, waitSeconds: config.FUNCTIONS_WAIT_SECONDS });
    return { consumer, started };
  }),
);

const stopServing = await serveMetrics({
  metrics,
  port: config.FUNCTIONS_METRICS_PORT,
  host: config.METRICS_HOST,
  log,
});

runUntilStopped({
  log,
  async stop() {
    await stopServing();
    await Promise.all(running.map(({ consumer }) => consumer.stop()));
    await Promise.all(running.map(({ started }) => started.close()));
    sqs.destroy();
    await tracing?.close();
  },
});
log.info({ event: 'ready' }, 'functions are up');
log.flush();
