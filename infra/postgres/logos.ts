import type { Logo, Picture } from '../../domain/tenancy/logo.ts';

/** Where anybody finds a public file. */
export type FileUrl = (key: string) => string;

/** A logo as pages show it; null without one, and where public files have no address. */
export function presentLogo(logo: Logo | null, fileUrl: FileUrl | undefined) {
  if (!logo || !fileUrl) return null;
  const present = ({ key, width, height }: Picture) => ({ url: fileUrl(key), width, height });
  return { ...present(logo.large), small: present(logo.small) };
}
