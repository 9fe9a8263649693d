import type { Instant } from '../values/time.ts';

/** How long a code is shown before the next takes its place. */
export const STEP_MS = 30_000;

/** A code as a phone shows it: which card, in which half minute, and the proof of both. */
export interface RotatingCode {
  cardCode: string;
  step: number;
  mac: string;
}

const SHAPE = /^([\w-]{8,64})\.(0|[1-9a-z][\da-z]{0,8})\.([\w-]{16})$/;

/** The step that a moment lies in. */
export function stepAt(at: Instant): number {
  return Math.floor(at / STEP_MS);
}

/** What is proved: the text that the mac is of. */
export function provedText({ cardCode, step }: Pick<RotatingCode, 'cardCode' | 'step'>): string {
  return `${cardCode}.${step.toString(36)}`;
}

/** A code as it is shown: `<card code>.<step in base 36>.<mac>`. */
export function formatRotatingCode(code: RotatingCode): string {
  return `${provedText(code)}.${code.mac}`;
}

/** A code as it was scanned; undefined for what cannot be one. */
export function readRotatingCode(text: string): RotatingCode | undefined {
  const [, cardCode, step, mac] = SHAPE.exec(text) ?? [];
  if (cardCode === undefined || step === undefined || mac === undefined) return undefined;
  return { cardCode, step: Number.parseInt(step, 36), mac };
}

/** Whether a code was shown around a moment: in its step, the one before or the one after. */
export function isShownAt({ step }: Pick<RotatingCode, 'step'>, at: Instant): boolean {
  return Math.abs(step - stepAt(at)) <= 1;
}
