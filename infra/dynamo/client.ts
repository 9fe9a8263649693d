export interface DynamoOptions {
  region: string;
  /** A stand-in for DynamoDB, which takes any credentials. */
  endpoint?: string | undefined;
}

/**
 * DynamoDB's client, loaded when it is first used: 30 MB that an edge which only serves tills never
 * needs. Credentials are the machine's own.
 */
export function createDynamo(options: DynamoOptions) {
  let loading: ReturnType<typeof load> | undefined;

  async function load() {
    const sdk = await import('@aws-sdk/client-dynamodb');
    const client = new sdk.DynamoDBClient({
      region: options.region,
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: 500,
        requestTimeout: 1_500,
        throwOnRequestTimeout: true,
      },
      ...(options.endpoint !== undefined && {
        endpoint: options.endpoint,
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      }),
    });
    return { sdk, client };
  }

  return {
    connect: () => (loading ??= load()),
    async close() {
      (await loading)?.client.destroy();
    },
  };
}

export type Dynamo = ReturnType<typeof createDynamo>;
