import type { BrandLook } from '../../domain/mail/mail-books.ts';
import type { Picture } from '../../domain/tenancy/logo.ts';
import type { MailFrame } from './content.ts';
import type { Tongue } from './languages/index.ts';

/** Where anybody finds a public file, by its key. */
export type FileUrl = (key: string) => string;

const USUAL_COLOUR = '#1f5d4c';
/** What a logo is shown in; screens with finer pixels have twice as many and more of it. */
const LOGO_BOX = { width: 200, height: 44 };

/** How a mail of a brand looks. */
export function frameOf(
  brand: BrandLook,
  tongue: Tongue,
  fileUrl?: FileUrl,
): Omit<MailFrame, 'unsubscribe'> {
  return {
    language: tongue.texts.language,
    brand: brand.name,
    colour: brand.colour ?? USUAL_COLOUR,
    logo: brand.logo && fileUrl ? shownIn(LOGO_BOX, brand.logo.large, fileUrl) : null,
  };
}

/** A picture as large as a box lets it be, and no larger than it is. */
function shownIn(box: { width: number; height: number }, picture: Picture, fileUrl: FileUrl) {
  const scale = Math.min(1, box.width / picture.width, box.height / picture.height);
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  const { key, width, height } = picture;
  return { url: fileUrl(key), width: scaled(width), height: scaled(height) };
}
