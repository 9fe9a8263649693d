/**
 * A receiver that costs as little as one can: reads, answers 204, and counts. `/hang` never answers.
 * `GET /` tells how many have come, and how long each of the last took since the time in its body.
 */
import { createServer } from 'node:http';
import { announceReady, setting } from './peer.ts';

let count = 0;
let tookMs: number[] = [];

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ count, tookMs }));
    tookMs = [];
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/hang') return;
    count += 1;
    if (request.url === '/timed') {
      const { timestamp } = JSON.parse(Buffer.concat(chunks).toString()) as { timestamp: string };
      tookMs.push(Date.now() - Date.parse(timestamp));
    }
    response.writeHead(204).end();
  });
});
// Longer than a round: a connection closed at its end would fail the next.
server.keepAliveTimeout = 600_000;
server.listen(Number(setting('PORT')), '127.0.0.1', announceReady);
