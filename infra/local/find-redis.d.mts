/** Finds a Redis server on this machine: its program and the name to call it by. */
export function findRedis(): { readonly file: string; readonly argv0: string } | undefined;
