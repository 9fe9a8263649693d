import { z } from 'zod';

const person = z.object({ kind: z.string(), id: z.string() });

export const approvalSchema = z
  .object({
    id: z.string(),
    kind: z.string().meta({ description: 'The command that waits.' }),
    request: z.unknown().meta({ description: 'What the command was told.' }),
    jobId: z.string().meta({ description: 'Its job; it ends when somebody has decided.' }),
    subjectId: z.string().nullable(),
    requestedBy: person,
    requestedAt: z.iso.datetime(),
    status: z.enum(['pending', 'approved', 'rejected']),
    decidedBy: person.nullable(),
    decidedAt: z.iso.datetime().nullable(),
    reason: z.string().nullable(),
    transactionId: z.string().nullable(),
  })
  .meta({ id: 'Approval' });

export type ApprovalView = z.output<typeof approvalSchema>;
