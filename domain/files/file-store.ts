/** Where files are kept that people bring or take away. */
export interface FileStore {
  /**
   * Writes a file piece by piece; it is there when this resolves, whole. Overwrites.
   * @param of.fileName what a browser saves it as
   */
  write(
    key: string,
    content: AsyncIterable<Uint8Array | string>,
    of: { contentType: string; fileName?: string; cacheControl?: string },
  ): Promise<{ bytes: number }>;
  /** A file's content. @throws Error when there is none */
  read(key: string): Promise<AsyncIterable<Uint8Array>>;
  /** A short file's content, whole; `absent`, or `too-long` when it has more bytes than that. */
  readShort(key: string, maxBytes: number): Promise<Uint8Array | 'absent' | 'too-long'>;
  /** Removes a file; none there is no error. */
  remove(key: string): Promise<void>;
  /** A link with which whoever has it fetches the file, until it expires. */
  link(key: string, seconds: number): Promise<string>;
  /** A link to which whoever has it may PUT a file of this type and length, until it expires. */
  uploadLink(
    key: string,
    file: { contentType: string; bytes: number },
    seconds: number,
  ): Promise<string>;
}
