import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { instant } from '../fields.ts';

const fields = {
  from: instant.optional().meta({
    description:
      'When it takes over; now, unless told otherwise. The first one may have begun before.',
  }),
};

export const publishVersion = defineCommand({
  name: 'publish-version',
  version: 1,
  queue: 'changes',
  body: z.strictObject(fields),
  payload: z.strictObject({ ...target('prg'), ...fields }),
});
