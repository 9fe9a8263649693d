import { Router } from 'express';

/** Resolves to what is away, by name; empty when everything answers. */
export type HealthCheck = () => Promise<Record<string, string>>;

/**
 * `GET /livez`: the process runs. `GET /readyz`: it can take a sale, which needs Redis; without
 * PostgreSQL it still takes sales, and says so.
 */
export function healthRouter(check: HealthCheck): Router {
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const away = await check();
    const status = 'redis' in away ? 'unavailable' : 'postgres' in away ? 'degraded' : 'ok';
    response.status(status === 'unavailable' ? 503 : 200).json({ status, away });
  });
  return router;
}
