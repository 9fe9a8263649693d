import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** Raised when the demo's business or slice changes, so that the next start makes a new one. */
const EDITION = 1;

const memorySchema = z.object({
  edition: z.literal(EDITION),
  businessId: z.templateLiteral(['biz_', z.string()]),
  /** The key's secret is nowhere else: the database has its hash only. */
  apiKey: z.string(),
  storeIds: z.array(z.templateLiteral(['sto_', z.string()])),
  programs: z.array(z.object({ id: z.string(), name: z.string(), unit: z.string() })),
  cards: z.array(z.object({ id: z.string(), code: z.string(), programId: z.string() })),
  /** Card codes of the slice's customers. */
  codes: z.record(z.string(), z.string()),
  /** What the replay gave; null while it has not come to its end. */
  replayed: z.record(z.string(), z.union([z.number(), z.string()])).nullable(),
});

/** What one start tells the next about the demo. */
export type DemoMemory = z.output<typeof memorySchema>;

/** What an earlier start kept; undefined when there was none, or it kept something else. */
export function recall(file: string): DemoMemory | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return memorySchema.safeParse(JSON.parse(text)).data;
}

/** Keeps it for the next start, readable by this user alone. */
export function remember(file: string, memory: Omit<DemoMemory, 'edition'>): void {
  const content = JSON.stringify({ edition: EDITION, ...memory }, undefined, 2);
  // Renamed into place: a start cut short leaves the old file or the new one, never half of one.
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
