import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: string;
}

const HEAD_END = '\r\n\r\n';

/**
 * One keep-alive connection with one request on it at a time. It knows no more of HTTP than the
 * servers measured here need, because the load generator runs on the cores it measures: about 0.03
 * CPU-ms a request, a third of what a general client takes.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received = '';
  #waiting: ((answer: Answer | Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#read(chunk));
    socket.on('error', (error) => this.#settle(error));
    socket.on('close', () => this.#settle(new Error('the server closed the connection')));
  }

  static open(at: { host: string; port: number }): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(at);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  /** Sends a whole request and hands its answer, or what went wrong, to `done`. */
  send(request: Buffer, done: (answer: Answer | Error) => void): void {
    this.#waiting = done;
    if (this.#socket.destroyed) this.#settle(new Error('the server had closed the connection'));
    else this.#socket.write(request);
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#received = this.#received === '' ? chunk : this.#received + chunk;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#received)?.[1];
    if (length === undefined) return this.#settle(new Error('an answer without a length'));
    const bodyStart = headEnd + HEAD_END.length;
    if (this.#received.length < bodyStart + Number(length)) return;
    const status = Number(this.#received.slice(9, 12));
    const body = this.#received.slice(bodyStart);
    this.#received = '';
    this.#settle({ status, body });
  }

  #settle(answer: Answer | Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(answer);
  }
}

/** A whole POST request, ready to be written. */
export function postRequest(post: {
  host: string;
  path: string;
  apiKey: string;
  body: unknown;
}): Buffer {
  const body = JSON.stringify(post.body);
  return Buffer.from(
    `POST ${post.path} HTTP/1.1\r\nHost: ${post.host}\r\nAuthorization: Bearer ${post.apiKey}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
