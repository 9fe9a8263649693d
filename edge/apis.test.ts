import { expect, test } from '@jest/globals';
import { APIS, routesOf } from './apis.ts';
import { createRoutes, type RouteDependencies } from './routes/index.ts';

const routes = createRoutes({} as RouteDependencies);
const beginnings = (apis: Parameters<typeof routesOf>[1]) =>
  new Set(routesOf(routes, apis).map(({ path }) => path.split('/')[2]));

test('all APIs together are every route there is', () => {
  expect(routesOf(routes, APIS)).toEqual(routes);
});

test('an edge of one API serves it, and the jobs that it makes', () => {
  expect(beginnings(['pos'])).toEqual(new Set(['jobs', 'pos']));
  expect(beginnings(['customer', 'public'])).toEqual(new Set(['customer', 'jobs', 'public']));
});
