import { z } from 'zod';
import { type IdKind, idPattern } from '../domain/values/ids.ts';

/** An id of one kind, as it stands in a path, a body or a message. */
export function idSchema<K extends IdKind>(kind: K) {
  return z
    .templateLiteral([`${kind}_`, z.string()])
    .check(z.regex(idPattern(kind)))
    .meta({ examples: [`${kind}_01jd7x0mh8e2rta5p3v0c2k9qz`] });
}
