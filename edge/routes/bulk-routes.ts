import type { Instant } from '../../domain/values/time.ts';
import type { ExportReader } from '../exports.ts';
import type { ImportReader } from '../imports.ts';
import type { CursorSealer } from '../ports.ts';
import type { Route } from '../route.ts';
import { exportBusinessRoute } from './export-business/route.ts';
import { getExportRoute } from './get-export/route.ts';
import { listExportsRoute } from './list-exports/route.ts';
import { getImportRoute } from './get-import/route.ts';
import { importCustomersRoute, type ImportRouteDependencies } from './import-customers/route.ts';
import { listImportRowsRoute } from './list-import-rows/route.ts';
import { listImportsRoute } from './list-imports/route.ts';

export interface BulkDependencies extends ImportRouteDependencies {
  imports: ImportReader;
  exports: ExportReader;
  now: () => Instant;
  cursors: CursorSealer;
}

/** What comes in and goes out by file. */
export function bulkRoutes(deps: BulkDependencies): Route[] {
  return [
    importCustomersRoute(deps),
    listImportsRoute(deps),
    getImportRoute(deps),
    listImportRowsRoute(deps),
    exportBusinessRoute(deps),
    listExportsRoute(deps),
    getExportRoute(deps),
  ];
}
