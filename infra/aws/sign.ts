import { createHash, createHmac } from 'node:crypto';

/** Who signs. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string | undefined;
}

export interface Signing {
  credentials: Credentials;
  region: string;
  /** Absent: S3. */
  service?: 's3' | 'sqs' | 'dynamodb';
  at: Date;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** S3 alone may leave the body's hash out: TLS keeps it whole, and a link has no body. */
const UNSIGNED = 'UNSIGNED-PAYLOAD';

/**
 * The headers with which AWS takes a request (Signature Version 4).
 * @param headers what is sent besides, in lower case; all of it is signed
 */
export function signRequest(
  request: {
    method: string;
    url: URL;
    headers?: Readonly<Record<string, string>>;
    body?: Buffer;
  },
  signing: Signing,
): Record<string, string> {
  const { sessionToken } = signing.credentials;
  const headers: Record<string, string> = {
    'x-amz-content-sha256': isWhole(signing) ? sha256(request.body ?? '') : UNSIGNED,
    ...request.headers,
    'x-amz-date': timeOf(signing.at),
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
  };
  const { signature, scope, signedHeaders } = sign({ ...request, headers }, signing);
  const credential = `${signing.credentials.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

/**
 * A link with which whoever has it can GET, or do what `request` says, until it expires.
 * @param seconds at most 7 days
 * @param request.headers must be sent with it as they are here, in lower case
 */
export function signLink(
  url: URL,
  seconds: number,
  signing: Signing,
  request: { method: string; headers: Readonly<Record<string, string>> } = {
    method: 'GET',
    headers: {},
  },
): URL {
  const { accessKeyId, sessionToken } = signing.credentials;
  const link = new URL(url);
  const parameters = {
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${accessKeyId}/${scopeOf(signing)}`,
    'X-Amz-Date': timeOf(signing.at),
    'X-Amz-Expires': String(seconds),
    ...(sessionToken && { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-SignedHeaders': signedNames({ ...request.headers, host: url.host }),
  };
  for (const [name, value] of Object.entries(parameters)) link.searchParams.set(name, value);
  const { signature } = sign({ ...request, url: link }, signing);
  link.search = `${canonicalQuery(link)}&X-Amz-Signature=${signature}`;
  return link;
}

function sign(
  request: { method: string; url: URL; headers: Readonly<Record<string, string>> },
  signing: Signing,
) {
  const { method, url } = request;
  const headers: Record<string, string> = { ...request.headers, host: url.host };
  const signedHeaders = signedNames(headers);
  const canonical = [
    method,
    canonicalPath(url),
    canonicalQuery(url),
    ...signedHeaders.split(';').map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    signedHeaders,
    headers['x-amz-content-sha256'] ?? UNSIGNED,
  ].join('\n');
  const scope = scopeOf(signing);
  const text = [ALGORITHM, timeOf(signing.at), scope, sha256(canonical)].join('\n');
  const parts = [...scope.split('/'), text];
  const seed: Buffer | string = `AWS4${signing.credentials.secretAccessKey}`;
  const signature = parts.reduce<Buffer | string>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    seed,
  );
  return { signature: Buffer.from(signature).toString('hex'), scope, signedHeaders };
}

const signedNames = (headers: object) => Object.keys(headers).toSorted().join(';');

const isWhole = ({ service = 's3' }: Signing) => service !== 's3';

/** `20130524T000000Z` */
function timeOf(at: Date): string {
  return at.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

function scopeOf({ at, region, service = 's3' }: Signing): string {
  return `${timeOf(at).slice(0, 8)}/${region}/${service}/aws4_request`;
}

function canonicalPath(url: URL): string {
  return decodeURIComponent(url.pathname).split('/').map(encode).join('/');
}

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
}

/** RFC 3986, more strictly than JavaScript. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
