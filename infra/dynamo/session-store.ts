import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../../domain/values/time.ts';
import type { Dynamo } from './client.ts';

/** As the table keeps it. */
export interface StoredSession {
  id: string;
  device: string | null;
  firstSeenAt: Instant;
  lastSeenAt: Instant;
  revokedAt: Instant | null;
}

/** A session is forgotten when nobody has used it for as long as a refresh token lives. */
export const SESSION_LIFE_MS = 30 * 24 * 3_600_000;
const MAX_LISTED = 100;

type Item = Record<string, AttributeValue>;

/** Key: person, then session; what it takes to make the table is in sessions-table.ts. */
export function createSessionStore(options: { dynamo: Dynamo; table: string; now: () => Instant }) {
  const { dynamo, table, now } = options;
  const keyOf = (person: string, id: string) => ({ person: { S: person }, session: { S: id } });

  return {
    /** Notes that it is in use, from the first time on. @returns as it is now */
    async see(person: string, id: string, device: string | null): Promise<StoredSession> {
      const { sdk, client } = await dynamo.connect();
      const { Attributes } = await client.send(
        new sdk.UpdateItemCommand({
          TableName: table,
          Key: keyOf(person, id),
          UpdateExpression:
            'SET firstSeenAt = if_not_exists(firstSeenAt, :now), lastSeenAt = :now, ' +
            'device = :device, expiresAt = :end',
          ExpressionAttributeValues: {
            ':now': { N: String(now()) },
            ':device': device === null ? { NULL: true } : { S: device },
            // In seconds: what the table's time to live counts in.
            ':end': { N: String(Math.ceil((now() + SESSION_LIFE_MS) / 1_000)) },
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return toSession(Attributes ?? {});
    },

    /** Last seen first. What has expired and still lies there is left out. */
    async list(person: string): Promise<StoredSession[]> {
      const { sdk, client } = await dynamo.connect();
      const { Items = [] } = await client.send(
        new sdk.QueryCommand({
          TableName: table,
          KeyConditionExpression: 'person = :person',
          FilterExpression: 'expiresAt > :now',
          ExpressionAttributeValues: {
            ':person': { S: person },
            ':now': { N: String(Math.floor(now() / 1_000)) },
          },
          ConsistentRead: true,
        }),
      );
      const sessions = Items.map(toSession).sort((a, b) => b.lastSeenAt - a.lastSeenAt);
      return sessions.slice(0, MAX_LISTED);
    },

    /** @returns whether there is such a session; one that has ended stays as it ended */
    async revoke(person: string, id: string): Promise<boolean> {
      const { sdk, client } = await dynamo.connect();
      try {
        await client.send(
          new sdk.UpdateItemCommand({
            TableName: table,
            Key: keyOf(person, id),
            UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :now)',
            ConditionExpression: 'attribute_exists(person)',
            ExpressionAttributeValues: { ':now': { N: String(now()) } },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof sdk.ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

function toSession(item: Item): StoredSession {
  return {
    id: item['session']?.S ?? '',
    device: item['device']?.S ?? null,
    firstSeenAt: Number(item['firstSeenAt']?.N),
    lastSeenAt: Number(item['lastSeenAt']?.N),
    revokedAt: item['revokedAt']?.N === undefined ? null : Number(item['revokedAt'].N),
  };
}
