import { until } from './until.ts';

/** One event as a screen hears it. */
export type ScreenEvent = {
  readonly event: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly heardAt: number;
};

/** A customer's screen: a stream of events that stays open until it is closed, at either end. */
export type Screen = {
  readonly status: number;
  readonly headers: Headers;
  readonly events: readonly ScreenEvent[];
  readonly isOpen: boolean;
  /** The first event of a type, once it is there. */
  hear(event: string): Promise<ScreenEvent>;
  close(): void;
};

/** Opens one, with the id of the last event that another one has seen where it takes over from it. */
export async function openScreen(
  edgeUrl: string,
  authorization: string,
  lastEventId?: string,
): Promise<Screen> {
  const controller = new AbortController();
  const answer = await fetch(`${edgeUrl}/v1/customer/events`, {
    headers: {
      Authorization: authorization,
      ...(lastEventId !== undefined && { 'Last-Event-ID': lastEventId }),
    },
    signal: controller.signal,
  });
  const events: ScreenEvent[] = [];
  let isOpen = true;
  const read = async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      events.push(...blocks.flatMap(parse));
    }
  };
  read()
    .catch(() => undefined)
    .finally(() => (isOpen = false));
  return {
    status: answer.status,
    headers: answer.headers,
    events,
    get isOpen() {
      return isOpen;
    },
    hear: (event) =>
      until(`the screen hears ${event}`, () => events.find((heard) => heard.event === event)),
    close: () => controller.abort(),
  };
}

function parse(block: string): ScreenEvent[] {
  const fields = Object.fromEntries(
    block.split('\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
    }),
  ) as Partial<Record<'event' | 'id' | 'data', string>>;
  if (fields.event === undefined) return [];
  const data = JSON.parse(fields.data ?? '{}') as ScreenEvent['data'];
  return [{ event: fields.event, id: fields.id ?? '', data, heardAt: Date.now() }];
}
