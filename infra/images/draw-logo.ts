import sharp, { type Sharp } from 'sharp';
import {
  type DrawnLogo,
  imageTypeOf,
  LOGO_SIZES,
  MAX_UPLOAD_PIXELS,
  type UploadRefusal,
} from '../../domain/tenancy/logo.ts';

// One picture at a time, and nothing of it kept.
sharp.cache(false);
sharp.concurrency(1);
// libvips reads dozens of formats; these three and no other reach a decoder.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp'],
});

/**
 * Draws a logo anew from what was uploaded: upright, in sRGB, without place, camera, comments or
 * whatever else the file held. Pixels are counted before any is unpacked.
 */
export async function drawLogo(upload: Uint8Array): Promise<DrawnLogo | UploadRefusal> {
  const type = imageTypeOf(upload);
  if (!type) return 'unsupported-image';
  try {
    const told = await sharp(upload, { limitInputPixels: false }).metadata();
    if (`image/${told.format}` !== type) return 'unsupported-image';
    if (told.width * told.height > MAX_UPLOAD_PIXELS) return 'image-has-too-many-pixels';
    const whole = sharp(upload, { failOn: 'error', limitInputPixels: MAX_UPLOAD_PIXELS });
    const large = await draw(whole.autoOrient(), LOGO_SIZES.large);
    return { large, small: await draw(sharp(large.png), LOGO_SIZES.small) };
  } catch {
    // It says in a sentence of its own what the file lacks; whoever sent it can only send another.
    return 'image-unreadable';
  }
}

async function draw(picture: Sharp, size: number) {
  const { data, info } = await picture
    .resize(size, size, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .png({ compressionLevel: 9 })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, png: data };
}
