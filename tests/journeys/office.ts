import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { type Api, type Reply, withKey } from './api.ts';

/** Something that is set up, as far as every answer has it. */
export type Resource = { id: string; revision: number };

export const BRANDS = '/v1/admin/brands';
export const ADMIN = '/v1/admin';

/** A stamp for each visit, a coffee for ten. */
export const STAMP_CARD = {
  rules: [{ kind: 'perVisit', amount: '1' }],
  autoReward: {
    name: 'Free coffee',
    cost: '10',
    benefit: { kind: 'freeItem', description: 'Any coffee' },
  },
};

/** A sale of somebody who was not there before, just now. */
export const sale = (storeId: string, over: object = {}) => ({
  externalId: `till/${randomUUID()}`,
  storeId,
  occurredAt: new Date().toISOString(),
  customer: { phone: '+351912345678' },
  currency: 'EUR',
  total: 450,
  ...over,
});

/** What an owner does through the API to set a business up. */
export type Office = {
  /** Adds one of a resource; the answer must be where it says it is. */
  add: <View extends Resource>(path: string, json: object) => Promise<View>;
  /** @param ifMatch as it is sent, quotes included */
  change: (path: string, json: object, ifMatch?: string) => Promise<Reply<Resource>>;
  /** A transition of what is at this revision. */
  act: (path: string, revision: number, json?: object) => Promise<Reply<Resource>>;
  put: (path: string, json: object, revision: number) => Promise<Reply<Resource>>;
  /** A program of a new brand with one store, and its first version live. */
  openProgram: (
    definition?: object,
    from?: string,
  ) => Promise<{ path: string; storeId: string; brandId: string }>;
};

export function createOffice(api: Api): Office {
  const office: Office = {
    async add<View extends Resource>(path: string, json: object) {
      const added = await api.post<View>(path, json, withKey());
      expect(added).toMatchObject({ status: 201, body: { revision: 1 } });
      expect(added.headers.get('location')).toBe(`${path}/${added.body.id}`);
      const { body } = await api.get<View>(`${path}/${added.body.id}`);
      expect(body).toEqual(added.body);
      return added.body;
    },
    change: (path, json, ifMatch) =>
      api.send('PATCH', path, { json, ...(ifMatch && { headers: { 'If-Match': ifMatch } }) }),
    act: (path, revision, json) =>
      api.send('POST', path, {
        headers: { 'If-Match': `"${revision}"` },
        ...(json && { json }),
      }),
    put: (path, json, revision) =>
      api.send('PUT', path, { json, headers: { 'If-Match': `"${revision}"` } }),
    async openProgram(definition = STAMP_CARD, from) {
      const { add, act, put } = office;
      const { id: brandId } = await add(BRANDS, { name: `Brand ${randomUUID()}` });
      const zone = 'Europe/Lisbon';
      const store = await add(`${ADMIN}/stores`, { brandId, name: 'Baixa', zone });
      const program = await add(`${ADMIN}/programs`, { brandId, name: 'Card', unit: 'stamp' });
      const path = `${ADMIN}/programs/${program.id}`;
      const drafted = await put(`${path}/draft`, { definition }, 1);
      expect(drafted).toMatchObject({ status: 200, body: { revision: 2 } });
      const published = await act(`${path}/publish`, 2, from === undefined ? {} : { from });
      expect(published).toMatchObject({ status: 200, body: { revision: 3, draft: null } });
      return { path, storeId: store.id, brandId };
    },
  };
  return office;
}
