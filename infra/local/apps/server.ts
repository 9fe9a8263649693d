import { readFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { securityHeaders } from '../../apps/security-headers.ts';

/*
 * Stands in for CloudFront: the apps that browsers load, and the API on the same origin.
 */

const {
  HOST: host = '127.0.0.1',
  PORT: port = '3002',
  EDGE_URL: edgeUrl = 'http://127.0.0.1:3000',
  COGNITO_CUSTOMERS_DOMAIN: domain,
  APPS: folder = '',
} = process.env;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
};
/** Nothing else is there: no path is taken from an address. */
const files = ['index.html', 'style.css', 'icon.svg', 'app.js'];
const headers = securityHeaders(domain === undefined ? [] : [new URL(domain).origin]);

createServer((asked, answer) => {
  const { pathname } = new URL(asked.url ?? '/', 'http://apps');
  if (pathname.startsWith('/v1/')) return passOn(asked, answer);
  const [, app = '', file = ''] = pathname.split('/');
  const name = file === '' ? 'index.html' : file;
  if (app !== 'sign-in' || !pathname.startsWith('/sign-in/') || !files.includes(name)) {
    return answer.writeHead(404, headers).end();
  }
  const type = types[extname(name)] ?? 'text/plain';
  answer.writeHead(200, { ...headers, 'Content-Type': type, 'Cache-Control': 'no-cache' });
  return answer.end(readFileSync(join(folder, app, name)));
}).listen(Number(port), host, () => console.log(JSON.stringify({ event: 'ready', port })));

function passOn(asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers, url = '/' } = asked;
  const passed = request(new URL(url, edgeUrl), { method, headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  passed.on('error', () => answer.writeHead(502).end());
  asked.pipe(passed);
}
