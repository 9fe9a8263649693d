import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

type Size = { width: number; height: number };

/** A picture of one colour, half of it seen through. */
export const picture = ({ width, height }: Size) =>
  sharp({
    create: { width, height, channels: 4, background: { r: 200, g: 30, b: 40, alpha: 0.5 } },
  });

/** A photograph that tells where and with what it was taken, and lies on its side. */
export async function photograph({ width, height }: Size): Promise<Buffer> {
  return picture({ width, height })
    .withExif({ IFD0: { Make: 'Canary Camera', ImageDescription: '38.7223N 9.1393W' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  const check = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** A few bytes that say they are a picture of any size. */
export function pixelBomb({ width, height }: Size): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
