import { z } from 'zod';
import { target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { idSchema } from '../id-schema.ts';

const fields = {
  uploadId: idSchema('upl').meta({ description: 'Of the upload that was asked for.' }),
};

/** One at a time, away from what people wait for: a picture is the work of a process of its own. */
export const setBrandLogo = defineCommand({
  name: 'set-brand-logo',
  version: 1,
  queue: 'analyses',
  body: z.strictObject(fields),
  payload: z.strictObject({ ...target('brd'), ...fields }),
});
