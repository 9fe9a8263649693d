/** The few things that all peers need. */

/** A variable of the environment that must be there. */
export function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** Tells the bench that measuring may begin. */
export function announceReady(): void {
  console.log(JSON.stringify({ event: 'ready' }));
}
