import { Router } from 'express';

/** A store that an edge needs. */
export type StoreName = 'redis' | 'postgres';

/** Resolves to what is away; empty when everything answers. */
export type HealthCheck = () => Promise<readonly StoreName[]>;

/**
 * `GET /livez`: the process runs. `GET /readyz`: it can take a sale, which needs Redis; without
 * PostgreSQL it still takes sales, and says so. Anybody may ask, so it tells names and not addresses.
 */
export function healthRouter(check: HealthCheck): Router {
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const away = await check();
    const status = away.includes('redis') ? 'unavailable' : away.length > 0 ? 'degraded' : 'ok';
    response.status(status === 'unavailable' ? 503 : 200).json({ status, away });
  });
  return router;
}
