import { z } from 'zod';
import { isPublishable, validateDefinition } from '../../../domain/programs/validate.ts';
import { draftDefinitionSchema } from '../../../queues/version-definition.ts';
import { Problem } from '../../problems.ts';
import type { ResourceDependencies } from '../../resources/resource.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `POST /v1/admin/programs/{id}/draft/validate`: what is odd about the draft. Changes nothing. */
export function validateDraftRoute(deps: ResourceDependencies) {
  return defineRoute({
    name: 'validate-draft',
    method: 'post',
    path: '/v1/admin/programs/:id/draft/validate',
    tag: 'Admin',
    summary: 'What is odd about the draft',
    description: 'Errors keep it from being published, warnings do not.',
    scope: 'programs:read',
    params: z.object({ id: idSchema('prg') }),
    responses: {
      200: {
        description: 'What was found.',
        schema: z.object({
          publishable: z.boolean(),
          problems: z.array(
            z.object({
              severity: z.enum(['error', 'warning']),
              code: z.string(),
              pointer: z.string().meta({ description: 'JSON Pointer into the definition.' }),
              text: z.string().meta({ description: 'A sentence for the shopkeeper.' }),
            }),
          ),
        }),
      },
    },
    async handle({ params, principal }) {
      const program = await deps.setup.programs.find(principal.businessId, params.id);
      if (!program) throw new Problem('not-found');
      if (program.draft === null) {
        throw new Problem('wrong-state', { detail: 'There is no draft. PUT one first.' });
      }
      const problems = validateDefinition(draftDefinitionSchema.parse(program.draft), program);
      return { status: 200, body: { publishable: isPublishable(problems), problems } };
    },
  });
}
