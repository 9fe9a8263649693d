import type { BrandId, BusinessId, Id } from '../values/ids.ts';

/** A picture in the file store, for anybody to see. */
export interface Picture {
  key: string;
  width: number;
  height: number;
}

/** A brand's logo, drawn anew from what was uploaded: for pages and mail, and for lists. */
export interface Logo {
  large: Picture;
  small: Picture;
}

/** 5 MiB: a photograph of a signboard from a phone fits. */
export const MAX_UPLOAD_BYTES = 5 * 1_048_576;
/** 4,096 × 4,096. A picture in memory takes four bytes for each, whatever its file's size. */
export const MAX_UPLOAD_PIXELS = 16_777_216;
/** What a picture fits into, with its own proportions; none is made larger than it came. */
export const LOGO_SIZES = { large: 512, small: 128 } as const;
/** Logos of before that stay, so that mails which show them stay whole. */
export const MAX_KEPT_LOGOS = 10;

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type ImageType = (typeof IMAGE_TYPES)[number];

/** Why an upload becomes no logo. */
export type UploadRefusal =
  | 'upload-not-found'
  | 'image-too-large'
  | 'unsupported-image'
  | 'image-has-too-many-pixels'
  | 'image-unreadable';

/** The pictures made of an upload, as PNG and without whatever else the file told. */
export type DrawnLogo = Record<keyof Logo, { width: number; height: number; png: Uint8Array }>;

/**
 * Makes a logo of an upload, away from this process: pictures are what decoders are attacked with,
 * and take memory. Answers a refusal for what is no picture that it takes.
 */
export type DrawLogo = (upload: Uint8Array) => Promise<DrawnLogo | UploadRefusal>;

export function isImageType(text: string): text is ImageType {
  return (IMAGE_TYPES as readonly string[]).includes(text);
}

/** Of which type a file is by what it begins with, whatever it is called; undefined for all others. */
export function imageTypeOf(file: Uint8Array): ImageType | undefined {
  const text = (from: number, to: number) => String.fromCharCode(...file.subarray(from, to));
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  return undefined;
}

/** Where an upload lies until it is taken. Nobody but its business can name it. */
export function uploadKey(businessId: BusinessId, brandId: BrandId, id: Id<'upl'>): string {
  return `uploads/${businessId}/${brandId}/${id}`;
}

/** Where the pictures of one logo are. Everything below `logos/` is for anybody to read. */
export function logoFolder(brandId: BrandId, jobId: Id<'job'>): string {
  return `logos/${brandId}/${jobId.slice('job_'.length)}`;
}

/** The pictures in a logo's folder. */
export function pictureKey(folder: string, size: keyof Logo): string {
  return `${folder}/${LOGO_SIZES[size]}.png`;
}
