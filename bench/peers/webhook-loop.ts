/**
 * What sending alone costs: a bare loop over kept connections, with no signature, no books and nothing
 * to remember. For each count from its parent it posts so many bodies and answers the seconds it took.
 */
import { Agent, createServer, request } from 'node:http';
import { announceReady, setting } from './peer.ts';

const url = new URL(setting('RECEIVER_URL'));
const atOnce = Number(setting('AT_ONCE'));
const body = setting('BODY');
const agent = new Agent({ keepAlive: true, maxFreeSockets: atOnce });
const headers = {
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(body)),
};

const send = () =>
  new Promise<void>((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', resolve);
    });
    sent.once('error', reject);
    sent.end(body);
  });

async function sendAll(count: number): Promise<number> {
  let left = count;
  const began = performance.now();
  const sender = async () => {
    while ((left -= 1) >= 0) await send();
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return (performance.now() - began) / 1_000;
}

const server = createServer((asked, answer) => {
  const count = Number(new URL(asked.url ?? '/', 'http://loop').searchParams.get('count'));
  void sendAll(count).then((seconds) => answer.end(String(seconds)));
});
server.keepAliveTimeout = 600_000;
server.listen(Number(setting('PORT')), '127.0.0.1', announceReady);
