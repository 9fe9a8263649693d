/** The Chromium of this machine (`CHROMIUM`, or on PATH); undefined when there is none. */
export function findChromium(): string | undefined;
