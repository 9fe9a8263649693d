import { migrate } from '../postgres/migrate.ts';

/** Migrates the database of OWNER_DATABASE_URL and ends: for deployments, before the processes. */
const ownerUrl = process.env['OWNER_DATABASE_URL'];
if (ownerUrl === undefined) throw new Error('OWNER_DATABASE_URL is not set.');

const applied = await migrate({ ownerUrl });
console.log(applied.length === 0 ? 'Nothing to migrate.' : `Applied ${applied.join(', ')}`);
