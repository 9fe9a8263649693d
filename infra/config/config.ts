import { z } from 'zod';

export const base64Key = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32, {
  error: 'must be 32 bytes in base64 (openssl rand -base64 32)',
});
const port = z.coerce.number().int().min(0).max(65_535);

const userPoolId = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d_[A-Za-z0-9]+$/, {
  error: 'must be the id of a Cognito user pool, as in eu-west-1_AbCdEfGhI',
});

/** Where files are; see infra/README.md for what the bucket must allow. */
export const fileSettings = {
  /** Where files that come in and go out are kept; without it there are no imports and exports. */
  S3_BUCKET: z.string().min(3).optional(),
  S3_REGION: z.string().min(1).default('eu-west-1'),
  /** Another service that speaks S3, or a stand-in; its buckets are the first part of the path. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Where clients reach it for downloads, when that is another address. */
  S3_PUBLIC_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Where anybody fetches logos: CloudFront before the bucket. Absent: the bucket itself. */
  PUBLIC_FILES_URL: z.url({ protocol: /^https?$/ }).optional(),
};

const shared = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),
  /** Prefix of every Redis key, so that several stacks can share one server. */
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .default('regulars'),
  /** `managed`: the provider hides CONFIG (ElastiCache), durability is its parameter group's. */
  REDIS_DURABILITY: z.enum(['assert', 'managed']).default('assert'),
  /** Base address of an OpenTelemetry collector; without it nothing is traced. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** Share of requests that are traced, of those that somebody else traces as well. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(0.05),
  /** CloudWatch's namespace; without it no metrics are written for CloudWatch into the log. */
  EMF_NAMESPACE: z
    .string()
    .regex(/^[\w./#:-]{1,255}$/)
    .optional(),
  /** Seals phones and e-mails in messages; the same on edge and workers. */
  CONTACT_SEALING_KEY: base64Key,
  ...fileSettings,
  /** Webhooks to any address, and without TLS: for the stack on one's own machine. */
  ALLOW_PRIVATE_WEBHOOKS: z
    .enum(['0', '1'])
    .default('0')
    .transform((value) => value === '1'),
  /** Of DynamoDB and SQS. */
  AWS_REGION: z.string().default('eu-west-1'),
  /** DynamoDB's log of transactions. Without it documents are written to and read from the books alone. */
  TRANSACTIONS_TABLE: z
    .string()
    .regex(/^[\w.-]{3,255}$/)
    .optional(),
  /** A stand-in for DynamoDB. */
  DYNAMO_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** The functions' queues; dead letters lie in the queue of the same name with -dlq behind it. */
  EMAIL_QUEUE_URL: z.url({ protocol: /^https?$/ }).optional(),
  ANALYTICS_QUEUE_URL: z.url({ protocol: /^https?$/ }).optional(),
  FEEDBACK_QUEUE_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** A stand-in for SQS. */
  SQS_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
};

const cognitoNames = [
  'COGNITO_CUSTOMERS_POOL_ID',
  'COGNITO_CUSTOMERS_CLIENT_ID',
  'COGNITO_STAFF_POOL_ID',
  'COGNITO_STAFF_CLIENT_ID',
] as const;

const edgeFields = z.object({
  ...shared,
  EDGE_PORT: port.default(3000),
  EDGE_HOST: z.string().default('0.0.0.0'),
  EDGE_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Proxies in front that may be believed about the client's address; never "all". */
  TRUSTED_PROXY_HOPS: z.coerce.number().int().min(0).max(4).default(0),
  /** Which APIs it serves, as in `customer,public`: one image for machines of each. */
  EDGE_APIS: z
    .string()
    .default('pos,customer,admin,public')
    .transform((list) => list.split(','))
    .pipe(z.array(z.enum(['pos', 'customer', 'admin', 'public'])).min(1)),
  /** Requests a POS key may send in a minute, at an even pace: a thirtieth of them at once. */
  POS_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(6_000),
  /** Requests somebody who has signed in may send in a minute. */
  PERSON_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(300),
  /** Requests an address may send in a minute without a key or a token. */
  ADDRESS_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).default(60),
  /** Codes that nobody has: what one caller may ask for in a minute before it looks like guessing. */
  MISSES_PER_MINUTE: z.coerce.number().int().min(1).default(60),
  /** Where people sign in. Without any of the four only keys are taken. */
  COGNITO_CUSTOMERS_POOL_ID: userPoolId.optional(),
  COGNITO_CUSTOMERS_CLIENT_ID: z.string().min(1).optional(),
  COGNITO_STAFF_POOL_ID: userPoolId.optional(),
  COGNITO_STAFF_CLIENT_ID: z.string().min(1).optional(),
  /** The pools' hosted pages, where people sign in with Google or Apple as well. */
  COGNITO_CUSTOMERS_DOMAIN: z.url({ protocol: /^https?$/ }).optional(),
  COGNITO_STAFF_DOMAIN: z.url({ protocol: /^https?$/ }).optional(),
  /** A stand-in for Cognito, which signs tokens with keys that anybody may have. */
  COGNITO_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  /** DynamoDB's table of sessions. Without it nobody is told where they are signed in. */
  SESSIONS_TABLE: z
    .string()
    .regex(/^[\w.-]{3,255}$/)
    .optional(),
  OPS_PORT: port.default(3001),
  /** Ops pages are for an SSH tunnel, not for the Internet. */
  OPS_HOST: z.string().default('127.0.0.1'),
  OPS_USER: z.string().min(1).default('ops'),
  OPS_PASSWORD: z.string().min(12),
  /** Somebody who may look at everything and press nothing; without a password there is nobody. */
  OPS_VIEWER_USER: z.string().min(1).default('viewer'),
  OPS_VIEWER_PASSWORD: z.string().min(12).optional(),
});

const edgeSchema = edgeFields.superRefine((config, context) => {
  const refuse = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  refusePrivateWebhooks(config, context);
  if (config.OPS_VIEWER_USER === config.OPS_USER) {
    refuse('OPS_VIEWER_USER', 'must be another name than OPS_USER');
  }
  const given = cognitoNames.filter((name) => config[name] !== undefined);
  if (given.length > 0) {
    for (const name of cognitoNames) {
      if (config[name] === undefined) refuse(name, `must be set too, as ${given.join(', ')} is`);
    }
  }
  if (config.COGNITO_ENDPOINT !== undefined && config.NODE_ENV === 'production') {
    refuse('COGNITO_ENDPOINT', 'must not be set in production: a stand-in proves nothing');
  }
  refuseStandIns(config, refuse);
});

/** Stand-ins keep nothing for long. */
function refuseStandIns(
  config: { NODE_ENV: string; DYNAMO_ENDPOINT?: unknown; SQS_ENDPOINT?: unknown },
  refuse: (name: string, message: string) => void,
): void {
  if (config.NODE_ENV !== 'production') return;
  for (const name of ['DYNAMO_ENDPOINT', 'SQS_ENDPOINT'] as const) {
    if (config[name] === undefined) continue;
    refuse(name, 'must not be set in production: a stand-in keeps nothing for long');
  }
}

const workerFields = z.object({
  ...shared,
  WORKER_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  /** Jobs a worker takes at once: three batches, so that one gathers while two are committed. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(2_000).default(300),
  /** Where Prometheus finds each process's `/metrics`; without a port it has none. No password. */
  METRICS_HOST: z.string().default('127.0.0.1'),
  WORKER_METRICS_PORT: port.optional(),
  RELAY_METRICS_PORT: port.optional(),
  /** Largest batch that is committed at once. */
  WORKER_BATCH_SIZE: z.coerce.number().int().min(1).max(1_000).default(100),
});

const workerSchema = workerFields.superRefine((config, context) => {
  refusePrivateWebhooks(config, context);
  refuseStandIns(config, (name, message) =>
    context.addIssue({ code: 'custom', path: [name], message }),
  );
});

/** Whoever may add an endpoint could have this network's own servers asked. */
function refusePrivateWebhooks(
  config: { NODE_ENV: string; ALLOW_PRIVATE_WEBHOOKS: boolean },
  context: z.RefinementCtx,
): void {
  if (!config.ALLOW_PRIVATE_WEBHOOKS || config.NODE_ENV !== 'production') return;
  context.addIssue({
    code: 'custom',
    path: ['ALLOW_PRIVATE_WEBHOOKS'],
    message: 'must not be set in production: webhooks would reach into this network',
  });
}

const queueUrl = z.url({ protocol: /^https?$/ });
const functionsSchema = z.object({
  NODE_ENV: shared.NODE_ENV,
  LOG_LEVEL: shared.LOG_LEVEL,
  AWS_REGION: shared.AWS_REGION,
  SQS_ENDPOINT: shared.SQS_ENDPOINT,
  OTEL_EXPORTER_OTLP_ENDPOINT: shared.OTEL_EXPORTER_OTLP_ENDPOINT,
  OTEL_TRACES_SAMPLER_ARG: shared.OTEL_TRACES_SAMPLER_ARG,
  METRICS_HOST: z.string().default('127.0.0.1'),
  FUNCTIONS_METRICS_PORT: port.optional(),
  EMAIL_QUEUE_URL: queueUrl,
  ANALYTICS_QUEUE_URL: queueUrl,
  FEEDBACK_QUEUE_URL: queueUrl,
  /** How long SQS holds a request for messages; each one that it answers is billed. */
  FUNCTIONS_WAIT_SECONDS: z.coerce.number().int().min(0).max(20).default(20),
});

const analyticsSchema = z.object({
  ANALYTICS_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
});

const poolsSchema = z
  .object({
    NODE_ENV: shared.NODE_ENV,
    AWS_REGION: shared.AWS_REGION,
    COGNITO_CUSTOMERS_POOL_ID: userPoolId,
    COGNITO_STAFF_POOL_ID: userPoolId,
    COGNITO_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  })
  .refine((config) => config.NODE_ENV !== 'production' || config.COGNITO_ENDPOINT === undefined, {
    path: ['COGNITO_ENDPOINT'],
    error: 'must not be set in production: a stand-in proves nothing',
  });

export type EdgeConfig = z.output<typeof edgeSchema>;
export type WorkerConfig = z.output<typeof workerSchema>;
export type FunctionsConfig = z.output<typeof functionsSchema>;

/** The edge's settings. @throws ConfigError naming every variable that is missing or wrong */
export function readEdgeConfig(env: NodeJS.ProcessEnv): EdgeConfig {
  return parse(edgeSchema, env);
}

/** Who may sign in to the operators' pages. */
export function readOperators(config: EdgeConfig) {
  const { OPS_USER, OPS_PASSWORD, OPS_VIEWER_USER, OPS_VIEWER_PASSWORD } = config;
  const operator = { name: OPS_USER, password: OPS_PASSWORD, role: 'operator' as const };
  if (OPS_VIEWER_PASSWORD === undefined) return [operator];
  const viewer = { name: OPS_VIEWER_USER, password: OPS_VIEWER_PASSWORD, role: 'viewer' as const };
  return [operator, viewer];
}

/** The settings of worker and relay. @throws ConfigError naming every variable that is wrong */
export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  return parse(workerSchema, env);
}

/**
 * The settings of the process that runs the functions where there is no Lambda; each function reads
 * what it needs besides. @throws ConfigError naming every variable that is wrong
 */
export function readFunctionsConfig(env: NodeJS.ProcessEnv): FunctionsConfig {
  return parse(functionsSchema, env);
}

/** The settings of the function that counts. @throws ConfigError naming what is missing or wrong */
export function readAnalyticsConfig(env: NodeJS.ProcessEnv): z.output<typeof analyticsSchema> {
  return parse(analyticsSchema, env);
}

/** The settings of what looks after the user pools. @throws ConfigError naming what is wrong */
export function readPoolsConfig(env: NodeJS.ProcessEnv): z.output<typeof poolsSchema> {
  return parse(poolsSchema, env);
}

/** The functions' queues, by the function's name, as far as they are set. */
export function queueUrlsOf(config: QueueSettings) {
  const {
    EMAIL_QUEUE_URL: email,
    FEEDBACK_QUEUE_URL: feedback,
    ANALYTICS_QUEUE_URL: analytics,
  } = config;
  return {
    ...(email !== undefined && { email }),
    ...(feedback !== undefined && { feedback }),
    ...(analytics !== undefined && { analytics }),
  };
}

interface QueueSettings {
  EMAIL_QUEUE_URL?: string | undefined;
  FEEDBACK_QUEUE_URL?: string | undefined;
  ANALYTICS_QUEUE_URL?: string | undefined;
}

/** The environment cannot run this process. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads an environment. @throws ConfigError naming every variable that is wrong */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
): z.output<Schema> {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`The environment is not right:\n${faults.join('\n')}`);
}
