/** Writes the OpenAPI document beside this file, so that a review shows what changed for clients. */
import { writeFileSync } from 'node:fs';
import { committedDocument, generateDocument } from './committed.ts';

writeFileSync(committedDocument, generateDocument());
