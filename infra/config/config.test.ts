import { describe, expect, test } from '@jest/globals';
import { ConfigError, readEdgeConfig, readWorkerConfig } from './config.ts';

const shared = {
  REDIS_URL: 'redis://127.0.0.1:6379',
  CONTACT_SEALING_KEY: Buffer.alloc(32, 1).toString('base64'),
};
const edge = {
  ...shared,
  EDGE_DATABASE_URL: 'postgres://regulars_edge@127.0.0.1/regulars',
  OPS_PASSWORD: 'correct horse battery staple',
};
const worker = {
  ...shared,
  WORKER_DATABASE_URL: 'postgres://regulars_worker@127.0.0.1/regulars',
};

describe.each([
  ['the edge', readEdgeConfig, edge],
  ['a worker', readWorkerConfig, worker],
] as const)('%s', (_, read: (env: NodeJS.ProcessEnv) => object, complete) => {
  test('needs no more than what has no safe default', () => {
    expect(read(complete)).toMatchObject({
      NODE_ENV: 'production',
      REDIS_DURABILITY: 'assert',
      REDIS_PREFIX: 'regulars',
    });
  });

  test.each(Object.keys(complete))('does not start without %s, and names it', (name) => {
    const { [name]: _, ...rest } = complete as NodeJS.ProcessEnv;
    expect(() => read(rest)).toThrow(ConfigError);
    expect(() => read(rest)).toThrow(new RegExp(`\\b${name}\\b`));
  });

  test('names everything that is missing at once', () => {
    for (const name of Object.keys(complete)) expect(() => read({})).toThrow(new RegExp(name));
  });

  test.each([
    ['REDIS_URL', 'http://127.0.0.1'],
    ['REDIS_PREFIX', 'a:b'],
    ['CONTACT_SEALING_KEY', Buffer.alloc(16).toString('base64')],
    ['CONTACT_SEALING_KEY', 'not base64!'],
    ['REDIS_DURABILITY', 'whatever'],
    ['LOG_LEVEL', 'loud'],
  ])('does not start with %s=%s, and does not repeat the value', (name, value) => {
    const start = () => read({ ...complete, [name]: value });
    expect(start).toThrow(new RegExp(`\\b${name}\\b`));
    if (name === 'CONTACT_SEALING_KEY') expect(start).not.toThrow(new RegExp(value));
  });
});

test.each([
  ['OPS_PASSWORD', 'short'],
  ['TRUSTED_PROXY_HOPS', 'true'],
  ['TRUSTED_PROXY_HOPS', '100'],
  ['EDGE_PORT', '65536'],
  ['EDGE_APIS', 'pos,owner'],
  ['EDGE_APIS', ''],
  ['POS_REQUESTS_PER_MINUTE', '0'],
  ['EDGE_DATABASE_URL', 'mysql://127.0.0.1/regulars'],
])('the edge does not start with %s=%s', (name, value) => {
  expect(() => readEdgeConfig({ ...edge, [name]: value })).toThrow(new RegExp(`\\b${name}\\b`));
});
