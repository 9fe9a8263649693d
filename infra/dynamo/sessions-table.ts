import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** The table of sessions. Its time to live is the attribute `expiresAt`. */
export function sessionsTable(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'person', AttributeType: 'S' },
      { AttributeName: 'session', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'person', KeyType: 'HASH' },
      { AttributeName: 'session', KeyType: 'RANGE' },
    ],
  };
}
