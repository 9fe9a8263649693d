import { createCredentials } from '../aws/credentials.ts';
import { httpText } from '../aws/http.ts';
import { signRequest } from '../aws/sign.ts';

export interface SqsOptions {
  region: string;
  /** A stand-in for SQS, which takes any credentials. */
  endpoint?: string | undefined;
  env: NodeJS.ProcessEnv;
}

type Action =
  | 'SendMessageBatch'
  | 'ReceiveMessage'
  | 'DeleteMessageBatch'
  | 'GetQueueAttributes'
  | 'GetQueueUrl'
  | 'CreateQueue';

/**
 * SQS's JSON protocol, for the little that edge and relay ask of it: the SDK's client would cost the
 * relay 31 MB (measured on Node 24), this 1.
 */
export function createSqs(options: SqsOptions) {
  const { region, endpoint, env } = options;
  const credentialsOf = createCredentials(
    endpoint === undefined
      ? env
      : { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', ...env },
  );
  const url = new URL(endpoint ?? `https://sqs.${region}.amazonaws.com/`);

  /** @throws ServiceError when it refuses or does not answer */
  return async function call<Answer>(
    action: Action,
    input: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const body = Buffer.from(JSON.stringify(input));
    const request = {
      method: 'POST' as const,
      url,
      body,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
      },
    };
    const credentials = await credentialsOf();
    const headers = signRequest(request, { credentials, region, service: 'sqs', at: new Date() });
    const answer = await httpText(url, {
      method: 'POST',
      headers,
      body,
      ...(signal && { signal }),
    });
    return (answer === '' ? {} : JSON.parse(answer)) as Answer;
  };
}

export type Sqs = ReturnType<typeof createSqs>;
