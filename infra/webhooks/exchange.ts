import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** What a receiver answered. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** The beginning of its body. */
  text: string;
}

/** What kept an answer from coming. */
export interface Broken {
  error: Error & { code?: string };
}

export class TimedOutError extends Error {}

const KEPT_BYTES = 1_024;
/** An answer that is longer costs its connection. */
const READ_BYTES = 65_536;

/**
 * One request and its answer, as undici tells of them. It ends once: with the answer, or with what kept it
 * from coming. The status decides; of the body the beginning is kept, and the rest is read to keep the
 * connection.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #end: (outcome: Answer | Broken) => void;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;
  #controller: Dispatcher.DispatchController | undefined;
  #head: Omit<Answer, 'text'> | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param timeoutMs for everything, from the look-up to the end of the answer */
  constructor(timeoutMs: number, end: (outcome: Answer | Broken) => void) {
    this.#end = end;
    this.#timer = setTimeout(() => {
      const error = new TimedOutError();
      this.#finish(error);
      this.#controller?.abort(error);
    }, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Its time was over before its connection was made.
    if (this.#isOver) controller.abort(new TimedOutError());
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // Below, an answer is only announced.
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#bytes < KEPT_BYTES) this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > READ_BYTES) controller.abort(new Error('the answer is too long'));
  }

  onResponseEnd(): void {
    this.#finish(undefined);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#finish(error);
  }

  #finish(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    // What breaks off after the status is not asked for.
    if (this.#head) this.#end({ ...this.#head, text: this.#text() });
    else this.#end({ error: error ?? new Error('no answer') });
  }

  #text(): string {
    if (this.#bytes === 0) return '';
    const kept = Buffer.concat(this.#chunks).subarray(0, KEPT_BYTES);
    // PostgreSQL keeps no NUL.
    return kept.toString('utf8').replaceAll('\u0000', '\ufffd');
  }
}
