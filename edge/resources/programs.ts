import { programSchema } from '../views/program.ts';
import { defineResource } from './resource.ts';

/** A loyalty program of one brand; what it promises is in its versions. */
export const programs = defineResource({
  kind: 'prg',
  path: '/v1/admin/programs',
  schema: programSchema,
  permissions: { read: 'programs:read', write: 'programs:write' },
  reader: (setup) => setup.programs,
});
