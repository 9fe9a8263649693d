import type { FileStore } from '../../../domain/files/file-store.ts';
import {
  type DrawLogo,
  type DrawnLogo,
  type Logo,
  logoFolder,
  MAX_KEPT_LOGOS,
  MAX_UPLOAD_BYTES,
  pictureKey,
  uploadKey,
  type UploadRefusal,
} from '../../../domain/tenancy/logo.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler, LEFT, maySend } from '../command.ts';
import type { Handler } from '../handler.ts';
import { removePictures } from '../remove-brand-logo/remove-brand-logo.ts';

export interface LogoDependencies extends SetupDependencies {
  /** Absent where no bucket is set up. */
  files: FileStore | undefined;
  drawLogo: DrawLogo;
}

type Message = Envelope<PayloadOf<'set-brand-logo'>>;
type Pictures = { logo: Logo; folder: string };

/**
 * Makes an uploaded picture a brand's logo. The upload is fetched, drawn anew and stored before
 * anything is written; a worker that dies begins again, under the same names. Outcomes: `completed`;
 * `not-found`, `precondition-failed`; or what is wrong with the upload: `upload-not-found`,
 * `image-too-large`, `unsupported-image`, `image-has-too-many-pixels`, `image-unreadable`. The logo
 * of before stays with all but the first.
 */
export function createSetBrandLogoHandler(deps: LogoDependencies): Handler<'set-brand-logo'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const message of messages) outcomes.push(await setLogo(message, deps));
    return outcomes;
  };
}

async function setLogo(message: Message, deps: LogoDependencies): Promise<CommandOutcome> {
  const { businessId, payload } = message;
  const { files } = deps;
  if (!files) throw new Error('S3_BUCKET is not set: there is nowhere to keep pictures');
  const isNeeded = await deps.store.transact(async (transaction) => {
    const known = await transaction.findJob(businessId, message.id);
    return (!known || known.status === 'failed') && (await maySend(transaction, message));
  });
  const made = isNeeded ? await makePictures(message, files, deps.drawLogo) : undefined;
  // Handled before, it repeats its first outcome; of somebody who left, it is declined.
  const end = createCommandHandler<'set-brand-logo', SetupRepos>(deps, async ({ setup }) => {
    if (made === undefined) return LEFT;
    if (typeof made === 'string') return { ...refuse(made), subjectId: payload.id };
    const { logo, folder } = made;
    return changeRecord(
      setup.brands,
      message,
      async (_, brand) => {
        const folders = [...brand.logoFolders, folder];
        await removePictures(files, folders.slice(0, -MAX_KEPT_LOGOS));
        return { logo, logoFolders: folders.slice(-MAX_KEPT_LOGOS) };
      },
      { width: logo.large.width, height: logo.large.height },
    );
  });
  const [outcome] = await end([message]);
  if (!outcome) throw new Error('a logo had no outcome');
  const isDeclined = outcome.status === 'declined';
  if (isDeclined && typeof made === 'object') await removePictures(files, [made.folder]);
  // Whoever was too late sends it again. Else what was refused may be anything, and goes too.
  if (!isDeclined || outcome.code !== 'precondition-failed') {
    await files.remove(uploadKey(businessId, payload.id, payload.uploadId));
  }
  return outcome;
}

async function makePictures(
  { id: jobId, businessId, payload }: Message,
  files: FileStore,
  drawLogo: DrawLogo,
): Promise<Pictures | UploadRefusal> {
  const key = uploadKey(businessId, payload.id, payload.uploadId);
  const upload = await files.readShort(key, MAX_UPLOAD_BYTES);
  if (upload === 'absent') return 'upload-not-found';
  if (upload === 'too-long') return 'image-too-large';
  const drawn = await drawLogo(upload);
  if (typeof drawn === 'string') return drawn;
  const folder = logoFolder(payload.id, jobId);
  const [large, small] = await Promise.all([
    store(files, pictureKey(folder, 'large'), drawn.large),
    store(files, pictureKey(folder, 'small'), drawn.small),
  ]);
  return { folder, logo: { large, small } };
}

async function store(files: FileStore, key: string, picture: DrawnLogo['large']) {
  const { png, width, height } = picture;
  const content = (async function* () {
    yield png;
  })();
  // A day, and not for ever, although it never changes: what is removed is gone within a day.
  await files.write(key, content, {
    contentType: 'image/png',
    cacheControl: 'public, max-age=86400',
  });
  return { key, width, height };
}
