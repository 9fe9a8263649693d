import { z } from 'zod';

/** What everything that people set up tells of itself; `revision` is its ETag. */
export const revised = {
  id: z.string(),
  revision: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
};
