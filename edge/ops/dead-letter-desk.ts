import { type FunctionName, functionNames } from '../../queues/functions.ts';
import type { DeadLetter, DeadLetterDesk, QueueDepth } from './ports.ts';

/** Dead letters by the name that stands in a path: a name that is no function's finds nothing. */
export function createDeadLetterDesk(deadLetters: {
  depths(): Promise<QueueDepth[]>;
  peek(name: FunctionName): Promise<DeadLetter[]>;
  redrive(name: FunctionName): Promise<number>;
}): DeadLetterDesk {
  return {
    depths: () => deadLetters.depths(),
    peek: async (name) => (isFunction(name) ? deadLetters.peek(name) : undefined),
    redrive: async (name) => (isFunction(name) ? deadLetters.redrive(name) : 0),
  };
}

function isFunction(name: string): name is FunctionName {
  return (functionNames as readonly string[]).includes(name);
}
