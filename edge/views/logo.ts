import { z } from 'zod';

const picture = { url: z.string(), width: z.int(), height: z.int() };

/** A logo as it is shown: PNG, for anybody to fetch, with its size so that nothing jumps. */
export const logoSchema = z
  .object({
    ...picture,
    small: z.object(picture).meta({ description: 'At most 128 pixels on a side, for lists.' }),
  })
  .nullable()
  .meta({ description: 'At most 512 pixels on a side. Null without one.' });
