import { createJsonCall, type JsonCallOptions } from '../aws/json-call.ts';

/** SQS, spoken to without its SDK. */
export const createSqs = (options: Omit<JsonCallOptions, 'service'>) =>
  createJsonCall({ ...options, service: 'sqs' });

export type Sqs = ReturnType<typeof createSqs>;
