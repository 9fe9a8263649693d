import type { FileStore } from '../../domain/files/file-store.ts';
import { createCredentials } from '../aws/credentials.ts';
import { httpSend, httpText, ServiceError } from '../aws/http.ts';
import { signLink, signRequest } from '../aws/sign.ts';

export interface FileStoreOptions {
  bucket: string;
  region: string;
  /** A stand-in for S3, or another service like it; its buckets are the first part of the path. */
  endpoint?: string | undefined;
  /** Where clients reach it, when that is another address. */
  publicEndpoint?: string | undefined;
  env: NodeJS.ProcessEnv;
}

/** S3 takes parts of 5 MiB and more; all but one are held in memory here. */
const PART_BYTES = 5 * 1_048_576;

/**
 * Files in a bucket. Three kinds of calls are all there is, so they are signed here: the AWS SDK would
 * cost a process 34 MB when it is loaded.
 */
export function createFileStore(options: FileStoreOptions): FileStore {
  const { bucket, region, endpoint, publicEndpoint, env } = options;
  const credentialsOf = createCredentials(env);

  function urlOf(key: string, base = endpoint, query: Readonly<Record<string, string>> = {}): URL {
    const url = new URL(pathOf(key), bucketUrl({ bucket, region, endpoint: base }));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  const signing = async () => ({ credentials: await credentialsOf(), region, at: new Date() });

  const publicBase = publicEndpoint ?? endpoint;

  async function send(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    url: URL,
    more: { body?: Buffer; headers?: Readonly<Record<string, string>> } = {},
  ) {
    const headers = signRequest({ method, url, ...more }, await signing());
    return httpSend(url, { method, headers, ...(more.body && { body: more.body }) });
  }

  async function sendForText(...request: Parameters<typeof send>): Promise<string> {
    const [method, url, more = {}] = request;
    const headers = signRequest({ method, url, ...more }, await signing());
    return httpText(url, { method, headers, ...(more.body && { body: more.body }) });
  }

  async function writeInParts(
    key: string,
    headers: Readonly<Record<string, string>>,
    parts: AsyncIterable<Buffer>,
  ): Promise<void> {
    const begun = await sendForText('POST', urlOf(key, endpoint, { uploads: '' }), { headers });
    const uploadId = /<UploadId>([^<]+)<\/UploadId>/.exec(begun)?.[1];
    if (uploadId === undefined) throw new Error('S3 began no upload');
    const tags: string[] = [];
    try {
      for await (const body of parts) {
        const partNumber = String(tags.length + 1);
        const answer = await send('PUT', urlOf(key, endpoint, { partNumber, uploadId }), { body });
        answer.resume();
        tags.push(String(answer.headers.etag));
      }
      const list = tags.map(
        (tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
      );
      const body = Buffer.from(
        `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`,
      );
      const ended = await sendForText('POST', urlOf(key, endpoint, { uploadId }), { body });
      // It answers 200 before it knows.
      if (ended.includes('<Error>')) throw new Error(`S3 did not put the parts together: ${ended}`);
    } catch (error) {
      // Parts that nobody completes or gives up cost money for ever.
      await sendForText('DELETE', urlOf(key, endpoint, { uploadId })).catch(() => undefined);
      throw error;
    }
  }

  return {
    /**
     * Writes a file piece by piece; it is there when this resolves, whole. Overwrites.
     * @param of.fileName what a browser saves it as
     */
    async write(
      key: string,
      content: AsyncIterable<Uint8Array | string>,
      of: { contentType: string; fileName?: string; cacheControl?: string },
    ): Promise<{ bytes: number }> {
      const saved = of.fileName && `attachment; filename="${of.fileName}"`;
      const headers = {
        'content-type': of.contentType,
        ...(saved && { 'content-disposition': saved }),
        ...(of.cacheControl && { 'cache-control': of.cacheControl }),
      };
      const counted = { bytes: 0 };
      const parts = inParts(content, counted);
      const first = await parts.next();
      const second = first.done ? first : await parts.next();
      if (second.done) {
        const body = first.done ? Buffer.alloc(0) : first.value;
        await sendForText('PUT', urlOf(key), { headers, body });
        return counted;
      }
      const rest = [first.value as Buffer, second.value];
      await writeInParts(key, headers, concat(rest, parts));
      return counted;
    },

    /** A file's content. @throws ServiceError with status 404 when there is none */
    async read(key: string) {
      return send('GET', urlOf(key));
    },

    /** A short file's content, whole; `absent`, or `too-long` when it has more bytes than that. */
    async readShort(key: string, maxBytes: number) {
      const answer = await send('GET', urlOf(key)).catch((error: unknown) => {
        if (error instanceof ServiceError && error.status === 404) return undefined;
        throw error;
      });
      if (!answer) return 'absent';
      const pieces: Buffer[] = [];
      let bytes = 0;
      for await (const piece of answer as AsyncIterable<Buffer>) {
        bytes += piece.length;
        // Leaving the loop closes the connection: nobody fetches the rest.
        if (bytes > maxBytes) return 'too-long';
        pieces.push(piece);
      }
      return Buffer.concat(pieces);
    },

    /** Removes a file; none there is no error. */
    async remove(key: string): Promise<void> {
      await sendForText('DELETE', urlOf(key));
    },

    /** A link with which whoever has it fetches the file, until it expires. */
    async link(key: string, seconds: number): Promise<string> {
      return signLink(urlOf(key, publicBase), seconds, await signing()).href;
    },

    /** A link to which whoever has it may PUT a file of this type and length, until it expires. */
    async uploadLink(key: string, file: { contentType: string; bytes: number }, seconds: number) {
      const headers = { 'content-type': file.contentType, 'content-length': String(file.bytes) };
      const request = { method: 'PUT', headers };
      return signLink(urlOf(key, publicBase), seconds, await signing(), request).href;
    },
  };
}

/** What the environment says of files. */
export interface FileSettings {
  S3_BUCKET?: string | undefined;
  S3_REGION: string;
  S3_ENDPOINT?: string | undefined;
  S3_PUBLIC_ENDPOINT?: string | undefined;
  PUBLIC_FILES_URL?: string | undefined;
}

/** The file store that the environment names; undefined where it names none. */
export function openFileStore(config: FileSettings, env: NodeJS.ProcessEnv): FileStore | undefined {
  if (config.S3_BUCKET === undefined) return undefined;
  return createFileStore({
    bucket: config.S3_BUCKET,
    region: config.S3_REGION,
    endpoint: config.S3_ENDPOINT,
    publicEndpoint: config.S3_PUBLIC_ENDPOINT,
    env,
  });
}

/** Where anybody finds a public file; undefined where there are no files. */
export function publicFilesOf(config: FileSettings): ((key: string) => string) | undefined {
  const { S3_BUCKET: bucket, S3_REGION: region, PUBLIC_FILES_URL: named } = config;
  if (named !== undefined) return (key) => new URL(pathOf(key), withSlash(named)).href;
  if (bucket === undefined) return undefined;
  const endpoint = config.S3_PUBLIC_ENDPOINT ?? config.S3_ENDPOINT;
  return (key) => new URL(pathOf(key), bucketUrl({ bucket, region, endpoint })).href;
}

const pathOf = (key: string) => key.split('/').map(encodeURIComponent).join('/');
const withSlash = (base: string) => (base.endsWith('/') ? base : `${base}/`);

function bucketUrl(of: { bucket: string; region: string; endpoint: string | undefined }): string {
  const { bucket, region, endpoint } = of;
  if (endpoint === undefined) return `https://${bucket}.s3.${region}.amazonaws.com/`;
  return `${withSlash(endpoint)}${bucket}/`;
}

/** The same content in pieces of one part's size; the last may be smaller. */
async function* inParts(
  content: AsyncIterable<Uint8Array | string>,
  counted: { bytes: number },
): AsyncGenerator<Buffer, undefined> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of content) {
    const buffer = typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece);
    counted.bytes += buffer.length;
    pieces.push(buffer);
    bytes += buffer.length;
    while (bytes >= PART_BYTES) {
      const all = Buffer.concat(pieces);
      yield all.subarray(0, PART_BYTES);
      pieces = [all.subarray(PART_BYTES)];
      bytes -= PART_BYTES;
    }
  }
  if (bytes > 0) yield Buffer.concat(pieces);
  return undefined;
}

async function* concat(
  first: readonly Buffer[],
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}
