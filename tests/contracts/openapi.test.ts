import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { committedDocument, generateDocument } from '../../edge/openapi/committed.ts';
import { problemTable } from '../../edge/problems.ts';
import { createRoutes, type RouteDependencies } from '../../edge/routes/index.ts';
import { fromJSONSchema, type z } from 'zod';
import { webhookTypes } from '../../queues/events/events.ts';
import { webhookTest } from '../../queues/events/webhook-body.ts';
import { openShop, type Shop } from '../journeys/shop.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { root } from '../tools.ts';

type Operation = {
  operationId: string;
  summary: string;
  requestBody?: { content: Record<string, { example?: object }> };
  parameters?: { in: string; name: string; schema?: { examples?: string[] } }[];
  responses: Record<string, { description: string; content?: object }>;
};
type OpenApi = {
  openapi: string;
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: WebhookOperation }>;
};
type WebhookOperation = {
  description: string;
  parameters: { $ref: string }[];
  requestBody: {
    content: Record<
      string,
      { schema: Parameters<typeof fromJSONSchema>[0]; example?: { type: string } }
    >;
  };
};

const document = JSON.parse(generateDocument()) as OpenApi;
const routes = createRoutes({} as RouteDependencies);

describe('the OpenAPI document', () => {
  test('is the committed one (npm run openapi writes it)', () => {
    expect(generateDocument()).toBe(readFileSync(committedDocument, 'utf8'));
  });

  test('has every route under its name, and no other', () => {
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, op]) => `${op.operationId} ${method} ${path}`),
    );
    const served = routes.map(
      ({ name, method, path }) => `${name} ${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    );
    expect(documented.sort()).toEqual(served.sort());
  });

  test('has a folder for every route, of the same name', () => {
    const folders = readdirSync(join(root, 'edge', 'routes'), { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('/route.ts'));
    expect(folders.sort()).toEqual(routes.map(({ name }) => `${name}/route.ts`).sort());
  });

  test.each(routes)('says of $name what it takes and answers, problems included', (route) => {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]![route.method]!;
    expect(operation.summary).not.toBe('');
    expect(Object.keys(operation.responses).sort()).toEqual(
      [...Object.keys(route.responses), 'default'].sort(),
    );
    expect(operation.responses['default']!.content).toHaveProperty(['application/problem+json']);
    const takesBody = route.body !== undefined || route.takesFile !== undefined;
    expect(operation.requestBody !== undefined).toBe(takesBody);
    const named = (where: string) =>
      (operation.parameters ?? []).filter((p) => p.in === where).map((p) => p.name);
    expect(named('path').map((name) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    if (route.isCommand) {
      expect(named('header')).toEqual(expect.arrayContaining(['Idempotency-Key', 'Prefer']));
    }
  });

  test('lists every problem with its status', () => {
    for (const [code, [status]] of Object.entries(problemTable)) {
      expect(document.info.description).toContain(`| \`${code}\` | ${status} |`);
    }
  });

  test('shows only examples that its own schemas take', () => {
    const wrong: unknown[] = [];
    JSON.parse(JSON.stringify(document), (_, node: unknown) => {
      const { examples, ...schema } = (node ?? {}) as { examples?: unknown };
      if (!Array.isArray(examples) || JSON.stringify(schema).includes('"$ref"')) return node;
      const parsed = fromJSONSchema(schema);
      wrong.push(...examples.filter((example) => !parsed.safeParse(example).success));
      return node;
    });
    expect(wrong).toEqual([]);
  });

  test('leads nowhere: every $ref is in it', () => {
    const text = JSON.stringify(document);
    for (const [, pointer] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = pointer!
        .split('/')
        .reduce<unknown>(
          (node, part) => (node as Record<string, unknown> | undefined)?.[part],
          document,
        );
      expect(found).toBeDefined();
    }
  });
});

describe('what it says of webhooks', () => {
  const sent = Object.entries(document.webhooks).map(([type, { post }]) => ({ type, post }));

  test('covers every event that a server can be told of, and the one that tries it', () => {
    expect(sent.map(({ type }) => type).sort()).toEqual([...webhookTypes, webhookTest.type].sort());
  });

  test.each(sent)('tells what $type means and holds, with an example of it', ({ type, post }) => {
    expect(post.description).not.toBe('');
    expect(post.parameters).toHaveLength(3);
    const { schema, example } = post.requestBody.content['application/json']!;
    if (type === webhookTest.type) return;
    expect(example!.type).toBe(type);
    const parsed = fromJSONSchema(schema);
    expect(parsed.safeParse(example).error?.issues).toBeUndefined();
    expect(parsed.safeParse({ ...example, type: 'another.type' }).success).toBe(false);
  });
});

describe('every example', () => {
  let stack: TestStack;
  let shop: Shop;

  beforeAll(async () => {
    stack = await startTestStack({ processes: ['edge'] });
    shop = await openShop(stack.database.ownerUrl);
  });

  afterAll(() => stack.stop());

  const operations = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({ path, method, operation })),
  );
  const posts = operations.flatMap(({ operation, ...rest }) => {
    const example = operation.requestBody?.content['application/json']?.example;
    return example ? [{ ...rest, operation, name: operation.operationId, example }] : [];
  });

  test('is shown for each command that takes a body', () => {
    const shown = posts.map(({ name }) => name);
    const commands = routes.filter((route) => route.isCommand && route.body);
    expect(shown).toEqual(expect.arrayContaining(commands.map(({ name }) => name)));
  });

  test.each(posts)('of a body is taken by a real edge: $name', async (post) => {
    const route = routes.find(({ name }) => name === post.name)!;
    expect(route.body!.safeParse(post.example).error?.issues).toBeUndefined();
    const answer = await fetch(stack.edgeUrl + fillPath(post.path), {
      method: post.method.toUpperCase(),
      headers: {
        Authorization: `Bearer ${shop.apiKey}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': randomUUID(),
        'If-Match': '"1"',
        Prefer: 'wait=0',
      },
      // A sale is for a store that is there.
      body: JSON.stringify(
        'storeId' in post.example ? { ...post.example, storeId: shop.storeIds[0] } : post.example,
      ),
    });
    const { type = '' } = (await answer.json()) as { type?: string };
    // Where no bucket is set up, what makes files says so when it has read what was posted.
    if (type.endsWith('/files-unavailable')) return;
    // What is only for people answers a key with 403; whom it is about may not be there: 404.
    expect([202, 403, 404]).toContain(answer.status);
    expect(type).not.toMatch(/validation-failed|malformed/);

    function fillPath(path: string): string {
      return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const parameter = post.operation.parameters?.find((p) => p.name === name);
        const candidates = [...(parameter?.schema?.examples ?? []), 'regular', 'ABCDEFGH'];
        const schema = route.params!.shape[name] as z.ZodType;
        return encodeURIComponent(candidates.find((value) => schema.safeParse(value).success)!);
      });
    }
  });
});

describe('the reference page', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack({ processes: ['edge'] });
  });

  afterAll(() => stack.stop());

  test('and its script come from here, need no key, and may load nothing from elsewhere', async () => {
    const page = await fetch(`${stack.edgeUrl}/docs`);
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/);

    const html = await page.text();
    const scripts = [...html.matchAll(/<script[^>]*?src="([^"]+)"/g)].map(([, src]) => src!);
    expect(scripts).toEqual(['/docs/scalar.js']);
    // Under this policy an inline script would not run.
    expect(html).not.toMatch(/<script[^>]*>[^<]/);
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    const script = await fetch(stack.edgeUrl + scripts[0]);
    expect([script.status, script.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('javascript'),
    ]);
    expect((await script.text()).length).toBeGreaterThan(100_000);
  });

  test('shows the document that the routes make', async () => {
    const served = await fetch(`${stack.edgeUrl}/openapi.json`);
    expect(served.headers.get('content-type')).toContain('application/json');
    expect(await served.json()).toEqual(document);
  });

  test('stands beside answers that no browser may frame, sniff or cache', async () => {
    const answer = await fetch(`${stack.edgeUrl}/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toBeTruthy();
    expect(answer.headers.get('strict-transport-security')).toBeTruthy();
    expect(answer.headers.has('x-powered-by')).toBe(false);
  });

  test('health tells a probe that the process lives and can take a sale', async () => {
    const live = await fetch(`${stack.edgeUrl}/livez`);
    const ready = await fetch(`${stack.edgeUrl}/readyz`);
    expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok', away: [] }]);
  });
});
