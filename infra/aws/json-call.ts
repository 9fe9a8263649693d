import { createCredentials } from './credentials.ts';
import { httpText } from './http.ts';
import { signRequest } from './sign.ts';

export interface JsonCallOptions {
  service: 'sqs' | 'dynamodb';
  region: string;
  /** A stand-in for the service, which takes any credentials. */
  endpoint?: string | undefined;
  env: NodeJS.ProcessEnv;
}

const protocols = {
  sqs: { contentType: 'application/x-amz-json-1.0', target: 'AmazonSQS' },
  dynamodb: { contentType: 'application/x-amz-json-1.0', target: 'DynamoDB_20120810' },
} as const;
const LOCAL = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

/**
 * AWS's JSON protocol, for the little that edge and relay ask of a service: an SDK's client costs a
 * process some 30 MB, this one (measured on Node 24).
 */
export function createJsonCall(options: JsonCallOptions) {
  const { service, region, endpoint, env } = options;
  const { contentType, target } = protocols[service];
  const credentialsOf = createCredentials(endpoint === undefined ? env : { ...LOCAL, ...env });
  const url = new URL(endpoint ?? `https://${service}.${region}.amazonaws.com/`);

  /** @throws ServiceError when it refuses or does not answer */
  return async function call<Answer>(
    action: string,
    input: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    const body = Buffer.from(JSON.stringify(input));
    const request = {
      method: 'POST' as const,
      url,
      body,
      headers: { 'content-type': contentType, 'x-amz-target': `${target}.${action}` },
    };
    const credentials = await credentialsOf();
    const headers = signRequest(request, { credentials, region, service, at: new Date() });
    const answer = await httpText(url, {
      method: 'POST',
      headers,
      body,
      ...(signal && { signal }),
    });
    return (answer === '' ? {} : JSON.parse(answer)) as Answer;
  };
}
