import type { FileStore } from '../../../domain/files/file-store.ts';
import { LOGO_SIZES, type Logo, pictureKey } from '../../../domain/tenancy/logo.ts';
import { changeRecord, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Takes a brand's logo away, and its pictures of all times out of the file store: before it is
 * committed, so that whoever dies in between does it again. Outcomes: `completed`, `not-found`,
 * `precondition-failed`.
 */
export function createRemoveBrandLogoHandler(
  deps: SetupDependencies & { files: FileStore | undefined },
) {
  return createCommandHandler<'remove-brand-logo', SetupRepos>(deps, ({ setup }, message) =>
    changeRecord(
      setup.brands,
      message,
      async (_, brand) => {
        if (deps.files) await removePictures(deps.files, brand.logoFolders);
        return { logo: null, logoFolders: [] };
      },
      {},
    ),
  );
}

/** Takes the pictures of logos out of the file store. */
export async function removePictures(files: FileStore, folders: readonly string[]): Promise<void> {
  const sizes = Object.keys(LOGO_SIZES) as (keyof Logo)[];
  const keys = folders.flatMap((folder) => sizes.map((size) => pictureKey(folder, size)));
  await Promise.all(keys.map((key) => files.remove(key)));
}
