/** What of package.json and package-lock.json matters here. */
export type Manifest = {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
};
export type LockedPackage = Manifest & {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
};
export type Lockfile = { readonly packages: Readonly<Record<string, LockedPackage>> };

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;
const REGISTRY = 'https://registry.npmjs.org/';
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const FOLDER = 'node_modules/';

/**
 * What could bring in code that nobody chose, in words: a version that floats or is not the locked
 * one, a package from elsewhere or without a hash of its content, and an install script that runs, or
 * does not, without anybody having decided so.
 */
export function findSupplyFaults(manifest: Manifest, lockfile: Lockfile): string[] {
  const { '': root = {}, ...packages } = lockfile.packages;
  return [
    ...KINDS.flatMap((kind) => driftOf(manifest[kind] ?? {}, root[kind] ?? {}, packages)),
    ...Object.entries(packages).flatMap(([path, locked]) => originFaults(path, locked)),
    ...scriptFaults(manifest.allowScripts ?? {}, packages),
  ];
}

function driftOf(
  wanted: Readonly<Record<string, string>>,
  locked: Readonly<Record<string, string>>,
  packages: Lockfile['packages'],
): string[] {
  const names = new Set([...Object.keys(wanted), ...Object.keys(locked)]);
  return [...names].flatMap((name) => {
    const version = wanted[name];
    if (version !== locked[name]) return [`${name}: package-lock.json is not in step: npm install`];
    if (version === undefined || !EXACT.test(version)) return [`${name}: ${version} is not exact`];
    const installed = packages[FOLDER + name]?.version;
    return installed === version ? [] : [`${name}: ${version} is wanted, ${installed} is locked`];
  });
}

function originFaults(path: string, { resolved, integrity }: LockedPackage): string[] {
  const faults: string[] = [];
  if (!integrity?.startsWith('sha512-')) faults.push(`${path}: no sha512 of its content`);
  if (resolved !== undefined && !resolved.startsWith(REGISTRY)) {
    faults.push(`${path}: comes from ${resolved}, not from ${REGISTRY}`);
  }
  return faults;
}

function scriptFaults(
  decided: Readonly<Record<string, boolean>>,
  packages: Lockfile['packages'],
): string[] {
  const scripted = new Set(
    Object.entries(packages)
      .filter(([, locked]) => locked.hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf(FOLDER) + FOLDER.length)),
  );
  const undecided = [...scripted].filter((name) => decided[name] === undefined);
  const idle = Object.keys(decided).filter((name) => !scripted.has(name));
  return [
    ...undecided.map((name) => `${name}: has an install script; say true or false in allowScripts`),
    ...idle.map((name) => `${name}: stands in allowScripts and has no install script`),
  ];
}
