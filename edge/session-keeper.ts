import type { Instant } from '../domain/values/time.ts';
import { MINUTE_MS } from '../domain/values/time.ts';
import type { TokenOwner } from './ports.ts';
import type { Person, Session, Sessions } from './sessions.ts';

/** The table of sessions, which remembers. */
export interface SessionTable {
  see(person: string, id: string, device: string | null): Promise<Session>;
  list(person: string): Promise<Session[]>;
  revoke(person: string, id: string): Promise<boolean>;
}

/** What all edges know at once, and may forget. */
export interface SessionMarks {
  end(person: string, id: string): Promise<void>;
  endAll(person: string, at: Instant): Promise<void>;
  isUnseen(person: string, id: string): Promise<boolean>;
}

const NOTE_EVERY_MS = 5 * MINUTE_MS;
const MAX_NOTED = 10_000;
const MAX_DEVICE_LENGTH = 200;

/** Sessions: ended by a mark that every edge sees within seconds, remembered in a table. */
export function createSessionKeeper(deps: {
  table: SessionTable;
  marks: SessionMarks;
  now: () => Instant;
  onTrouble: (error: unknown) => void;
}): Sessions {
  const { table, marks, now } = deps;
  /** When a session is to be noted again; most requests end here. */
  const noted = new Map<string, Instant>();

  async function see(person: string, id: string, device: string | undefined): Promise<void> {
    if (!(await marks.isUnseen(person, id))) return;
    const session = await table.see(person, id, nameOf(device));
    // A Redis that forgot is told again.
    if (session.revokedAt !== null) await marks.end(person, id);
  }

  return {
    note(owner, device) {
      const at = now();
      if ((noted.get(owner.sessionId) ?? 0) > at) return;
      if (noted.size >= MAX_NOTED) noted.clear();
      noted.set(owner.sessionId, at + NOTE_EVERY_MS);
      see(keyOf(owner), owner.sessionId, device).catch(deps.onTrouble);
    },
    list: (person) => table.list(keyOf(person)),
    async revoke(person, id) {
      if (!(await table.revoke(keyOf(person), id))) return false;
      await marks.end(keyOf(person), id);
      return true;
    },
    async revokeAll(person) {
      const key = keyOf(person);
      // The mark first: it is what ends them, and it ends those too that were never noted.
      await marks.endAll(key, now());
      const live = (await table.list(key)).filter((session) => session.revokedAt === null);
      await Promise.all(live.map((session) => table.revoke(key, session.id)));
    },
  };
}

export function keyOf(person: Person | TokenOwner): string {
  return `${person.pool}#${person.subject}`;
}

/** What a device says of itself is shown to its owner: short, and without control characters. */
function nameOf(device: string | undefined): string | null {
  const name = (device ?? '')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .slice(0, MAX_DEVICE_LENGTH)
    .trim();
  return name === '' ? null : name;
}
