import type { BusinessId } from '../../domain/values/ids.ts';
import type { ContactSealer } from '../../queues/contact.ts';
import type { Envelope } from '../../queues/envelope.ts';
import { type ListedJob, mergeJobs, type SearchInput } from './pages/search.ts';
import type { JobDesk, OpsBooks, QueuedJob } from './ports.ts';

const MOST = 100;

export interface Found {
  jobs: readonly ListedJob[];
  customers: readonly { businessId: BusinessId; id: string }[];
  names: ReadonlyMap<string, string>;
  problem?: string;
}

/**
 * Finds jobs by whatever somebody on the telephone knows: in the books what has ended, in the queues what
 * has not. Messages carry contacts sealed, so those in queues are opened to be compared.
 */
export async function findJobs(
  deps: { desk: JobDesk; books: OpsBooks; sealer: Pick<ContactSealer, 'open'> },
  input: Required<SearchInput>,
): Promise<Found> {
  const { desk, books, sealer } = deps;
  const text = input.text.trim();
  const businesses = await books.findBusinesses(input.business);
  const nothing = { jobs: [], customers: [], names: new Map<string, string>() };
  if (businesses.length === 0) {
    return { ...nothing, problem: `No business is called “${input.business}”.` };
  }
  const names = new Map<string, string>(businesses.map(({ id, name }) => [id, name]));
  const found = await books.search(
    text,
    businesses.map(({ id }) => id),
  );
  const isNamed = (envelope: Envelope) =>
    input.business.trim() === '' || names.has(envelope.businessId);
  const matches = (envelope: Envelope, error: string | undefined) =>
    isNamed(envelope) && isAbout(envelope, error, { ...found, text, sealer });
  const [named, searched] = await Promise.all([
    Promise.all(found.jobIds.slice(0, MOST).map((id) => desk.find(id))),
    desk.search(matches, MOST),
  ]);
  const queued = new Map<string, QueuedJob>();
  for (const job of [...named, ...searched]) if (job) queued.set(job.envelope.id, job);
  return {
    jobs: mergeJobs([...queued.values()], found.jobs).slice(0, MOST),
    customers: found.customers,
    names,
  };
}

function isAbout(
  envelope: Envelope,
  error: string | undefined,
  wanted: { text: string; needles: readonly string[]; sealer: Pick<ContactSealer, 'open'> },
): boolean {
  const { text, needles, sealer } = wanted;
  if (envelope.id === text) return true;
  if (error?.toLowerCase().includes(text.toLowerCase())) return true;
  const payload = JSON.stringify(envelope.payload);
  // Quoted: an id that only begins so is another one.
  if (needles.some((needle) => payload.includes(JSON.stringify(needle)))) return true;
  const sealed = /"sealedContact":"([\w-]+)"/.exec(payload)?.[1];
  return sealed !== undefined && opens(sealer, sealed) === text.toLowerCase();
}

/** A contact, or undefined for one that was sealed with a key of before. */
function opens(sealer: Pick<ContactSealer, 'open'>, sealed: string): string | undefined {
  try {
    return sealer.open(sealed).value;
  } catch {
    return undefined;
  }
}
