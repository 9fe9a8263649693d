import type { CustomMessageEvent } from './event.ts';
import { writeCustomMessage } from './handler.ts';

/* The custom message trigger of both user pools, as a Lambda function. It needs nothing and may nothing. */

export const handler = async (event: CustomMessageEvent): Promise<CustomMessageEvent> =>
  writeCustomMessage(event);
