/** What SQS hands to a Lambda function, as far as ours look at it. */
export interface SqsEvent {
  Records: readonly SqsRecord[];
}

export interface SqsRecord {
  messageId: string;
  body: string;
}

/** The messages that are to come again; all others are done (`reportBatchItemFailures`). */
export interface SqsBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/** A function, wherever it runs. What it throws brings the whole batch again. */
export type SqsHandler = (event: SqsEvent) => Promise<SqsBatchResponse>;

/** A function with what it needs, made by its composition root. */
export interface RunningFunction {
  handle: SqsHandler;
  /** Lets go of its connections; no batch is under way. */
  close(): Promise<void>;
}
