import { isConnectionError } from '../postgres/pool.ts';

// What ioredis says when Redis is away, hung, full or still loading its file.
const REDIS_AWAY =
  /^(Command timed out|Connection is closed|Stream isn't writeable|Reached the max retries|(OOM|LOADING|MISCONF|READONLY) )/;

const AWAY = [
  // What the token verifier says when it cannot fetch the keys that tokens are signed with.
  'SigningKeysAwayError',
  'SignInServiceAwayError',
  // DynamoDB's.
  'TimeoutError',
  'InternalServerError',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
];

/**
 * Whether an error says that a store is away rather than that something is wrong: the same request
 * may succeed a moment later.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isConnectionError(error) || REDIS_AWAY.test(error.message)) return true;
  if (AWAY.includes(error.name)) return true;
  // Sequelize wraps what pg throws, and names its own pool's time-outs.
  if (error.name.startsWith('SequelizeConnection')) return true;
  return 'parent' in error && error.parent !== error && isOutage(error.parent);
}
