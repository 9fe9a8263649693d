/** From a button to one's card, in a real browser. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import { startApps } from '../../infra/local/apps/apps.ts';
import { addPerson } from '../../infra/local/cognito/people.ts';
import { customersPool } from '../../infra/local/cognito/pools.ts';
import { freePort } from '../../infra/local/ports.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import type { StandInHandle } from '../../infra/local/stand-in.ts';
import { PASSWORD, startTestCognito, type TestCognito } from '../cognito.ts';
import { startTestHostedUi, type TestHostedUi } from '../hosted-ui.ts';
import { createApi } from '../journeys/api.ts';
import { openShop, type Shop } from '../journeys/shop.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { startBrowser, type TestBrowser, whyNoBrowser } from './browser.ts';

let cognito: TestCognito;
let pages: TestHostedUi;
let stack: TestStack;
let apps: StandInHandle;
let browser: TestBrowser;
let shop: Shop;
let home: string;
let dataDir: string;

const describeInBrowser = whyNoBrowser === undefined ? describe : describe.skip;
// Jest keeps the names of what it leaves out to itself.
if (whyNoBrowser !== undefined) process.stderr.write(`tests/browser/sign-in: ${whyNoBrowser}\n`);

describeInBrowser(`in a browser, a customer (${whyNoBrowser ?? 'chromium'})`, () => {
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'regulars-apps-'));
    const port = await freePort();
    home = `http://127.0.0.1:${port}/sign-in/`;
    cognito = await startTestCognito();
    browser = await startBrowser();
    pages = await startTestHostedUi({ cognitoUrl: cognito.url, redirectUris: [home] });
    stack = await startTestStack({
      env: { ...cognito.env, ...pages.env, ADDRESS_REQUESTS_PER_MINUTE: '1000' },
    });
    const domain = pages.env['COGNITO_CUSTOMERS_DOMAIN']!;
    apps = await startApps({ dataDir, port, edgeUrl: stack.edgeUrl, domain });
    shop = await openShop(stack.database.ownerUrl);
  });

  afterAll(async () => {
    await browser?.close();
    await apps?.stop();
    await stack?.stop();
    await pages?.stopAndForget();
    await cognito?.stopAndForget();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const poster = () => `${home}?business=${shop.businessId}&program=${shop.programs[0]!.id}`;
  const anAddress = () => `${randomUUID()}@cafe.example`;

  async function beAt(page: Page, provider: 'Google' | 'Apple', email: string): Promise<void> {
    await page.waitForURL(`**/${provider.toLowerCase()}/interaction/**`);
    await page.fill('input[name=email]', email);
    await page.click('button');
  }

  async function stamp(email: string): Promise<void> {
    const till = createApi(stack.edgeUrl, shop.apiKey);
    await till.record(shop.sale({ customer: { email } }));
  }

  test.each([
    ['Google', 'with-Google'],
    ['Apple', 'with-SignInWithApple'],
  ] as const)('goes from the button through %s to their card', async (provider, button) => {
    const email = anAddress();
    await stamp(email);
    const { page, context, troubles } = await browser.newPerson(new URL(home).origin);
    await page.goto(poster());
    await page.click(`#${button}`);
    await beAt(page, provider, email);
    const card = page.locator('article');
    await card.waitFor();
    expect(await card.innerText()).toContain('1 of 10, 9 to go');
    expect(await card.locator('.slots .full').count()).toBe(1);
    expect(page.url()).toBe(poster());
    // Nothing is left behind that would sign somebody in.
    expect(await page.evaluate('JSON.stringify([sessionStorage, localStorage])')).toBe('[{},{}]');
    expect(troubles).toEqual([]);
    await context.close();
  });

  test('who has a password uses it, and signs out', async () => {
    const email = anAddress();
    await addPerson(cognito.url, { pool: customersPool, email, password: PASSWORD });
    const { page, context, troubles } = await browser.newPerson(new URL(home).origin);
    await page.goto(poster());
    await page.click('#with-password');
    await page.fill('input[name=username]', email);
    await page.fill('input[name=password]', PASSWORD);
    await page.click('button');
    await page.locator('article').waitFor();
    await page.click('#sign-out');
    await page.locator('#sign-in').waitFor();
    expect(await page.locator('article').count()).toBe(0);
    await page.goto(poster());
    await page.click('#with-password');
    await page.locator('input[name=password]').waitFor();
    expect(troubles).toEqual([]);
    await context.close();
  });

  test('whom somebody sends back with a code of their own is not signed in by it', async () => {
    const { page, context } = await browser.newPerson(new URL(home).origin);
    await page.goto(`${home}?code=of-somebody-else&state=guessed`);
    await page.locator('#sign-in').waitFor();
    expect(await page.locator('#trouble').innerText()).toContain('was not begun here');
    await page.click('#with-Google');
    await page.waitForURL('**/google/interaction/**');
    await page.goto(`${home}?code=of-somebody-else&state=guessed`);
    await page.locator('#sign-in').waitFor();
    expect(await page.locator('#trouble').innerText()).toContain('was not begun here');
    await context.close();
  });

  test('cannot be signed in twice by one code', async () => {
    const { page, context } = await browser.newPerson(new URL(home).origin);
    const answers: string[] = [];
    page.on('request', (request) => {
      if (request.url().startsWith(`${home}?code=`)) answers.push(request.url());
    });
    await page.goto(poster());
    await page.click('#with-Google');
    await beAt(page, 'Google', anAddress());
    await page.locator('article').waitFor();
    await page.goto(answers.at(-1)!);
    await page.locator('#sign-in').waitFor();
    expect(await page.locator('#trouble').innerText()).toContain('was not begun here');
    await context.close();
  });

  test.each([
    ['an ID token of another sign-in', withOtherNonce],
    ['a code that was given out for another verifier', withOtherVerifier],
  ])('is not signed in by %s', async (_what, tamper) => {
    const { page, context } = await browser.newPerson(new URL(home).origin);
    await page.route('**/oauth2/token', tamper);
    await page.goto(poster());
    await page.click('#with-Google');
    await beAt(page, 'Google', anAddress());
    await page.locator('#sign-in').waitFor();
    expect(await page.locator('#trouble').innerText()).toContain('did not succeed');
    await context.close();
  });

  test('who is named like a script is shown by that name, and nothing runs', async () => {
    const canary = `<img src=x onerror=alert(1)><script>alert(2)</script>`;
    const other = await openShop(stack.database.ownerUrl);
    await stack.database.query('UPDATE loyalty.programs SET name = $1 WHERE id = $2', [
      canary,
      toUuid(other.programs[0]!.id),
    ]);
    const email = anAddress();
    const till = createApi(stack.edgeUrl, other.apiKey);
    await till.record(other.sale({ customer: { email } }));
    await stack.database.query('UPDATE customer.customers SET name = $1 WHERE email = $2', [
      canary,
      email,
    ]);
    const { page, context, troubles } = await browser.newPerson(new URL(home).origin);
    await page.goto(`${home}?business=${other.businessId}&program=${other.programs[0]!.id}`);
    await page.locator('#sign-in').waitFor();
    expect(await page.locator('#program').innerText()).toBe(canary);
    await page.click('#with-Google');
    await beAt(page, 'Google', email);
    await page.locator('article').waitFor();
    expect(await page.locator('#me h1').innerText()).toContain(canary);
    expect(await page.locator('article h2').innerText()).toBe(canary);
    expect(await page.locator('img, article script').count()).toBe(0);
    expect(troubles).toEqual([]);
    // And were a script to get in, the policy would stop it.
    const inject =
      "document.body.append(Object.assign(document.createElement('script'), {src: 'https://evil.example/x.js'}))";
    const blocked = await page.evaluate(`new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (e) => resolve(e.effectiveDirective));
      try { ${inject} } catch (error) { resolve(error.name); }
    })`);
    expect(blocked).toMatch(/script-src|TypeError/);
    await context.close();
  });
});

async function withOtherNonce(route: Route): Promise<void> {
  const response = await route.fetch();
  const tokens = (await response.json()) as { id_token: string };
  const [header, claims = '', signature] = tokens.id_token.split('.');
  const other = { ...(JSON.parse(fromBase64(claims)) as object), nonce: 'of-another-sign-in' };
  const changed = Buffer.from(JSON.stringify(other)).toString('base64url');
  const json = { ...tokens, id_token: [header, changed, signature].join('.') };
  await route.fulfill({ response, json });
}

async function withOtherVerifier(route: Route): Promise<void> {
  const body = new URLSearchParams(route.request().postData() ?? '');
  if (body.has('code_verifier')) body.set('code_verifier', 'v'.repeat(43));
  await route.continue({ postData: body.toString() });
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64url').toString();
