import type { BusinessConfig } from '../earning/decide-purchase.ts';
import type { BusinessId, JobId, LotId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';
import type { LoadedSightings, Sighting } from './sightings.ts';

/** What was seen, inside one transaction. */
export interface FraudBooks {
  /** What the programs of a store watch, and notes this one as seen. */
  see(
    sighting: Sighting & { jobId: JobId },
    config: BusinessConfig,
  ): Promise<LoadedSightings | undefined>;
  /** When the latest of some lots was earned; null where there are none. */
  lastEarned(businessId: BusinessId, lotIds: readonly LotId[]): Promise<Instant | null>;
}
