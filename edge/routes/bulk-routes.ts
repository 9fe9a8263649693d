import type { ImportReader } from '../imports.ts';
import type { CursorSealer } from '../ports.ts';
import type { Route } from '../route.ts';
import { getImportRoute } from './get-import/route.ts';
import { importCustomersRoute, type ImportRouteDependencies } from './import-customers/route.ts';
import { listImportRowsRoute } from './list-import-rows/route.ts';
import { listImportsRoute } from './list-imports/route.ts';

export interface BulkDependencies extends ImportRouteDependencies {
  imports: ImportReader;
  cursors: CursorSealer;
}

/** What comes in and goes out by file. */
export function bulkRoutes(deps: BulkDependencies): Route[] {
  return [
    importCustomersRoute(deps),
    listImportsRoute(deps),
    getImportRoute(deps),
    listImportRowsRoute(deps),
  ];
}
