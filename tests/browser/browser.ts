import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../infra/local/find-chromium.mjs';

const executablePath = findChromium();

/** Why tests with a browser are left out here; undefined when they are not. */
export const whyNoBrowser = executablePath === undefined ? 'skipped: no chromium' : undefined;

export type TestBrowser = {
  /**
   * Somebody's browser: pages, cookies and storage of its own, as people have.
   * @param app where the app is whose troubles are noted; what other sites' pages lack is theirs
   */
  newPerson(app: string): Promise<{ page: Page; context: BrowserContext; troubles: string[] }>;
  close(): Promise<void>;
};

/** Starts this machine's Chromium, without a window. */
export async function startBrowser(): Promise<TestBrowser> {
  const home = mkdtempSync(join(tmpdir(), 'regulars-chromium-'));
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    // Root, as in a container, has no sandbox to start it in.
    chromiumSandbox: process.getuid?.() !== 0,
    env: { ...process.env, HOME: home },
    args: [
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    async newPerson(app) {
      const context = await browser.newContext({ locale: 'en-GB' });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      // What a strict policy forbids, and what a script fails at, is told on the console.
      const troubles: string[] = [];
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('console', (line) => {
        if (line.type() === 'error' && line.location().url.startsWith(app))
          troubles.push(line.text());
      });
      page.on('dialog', (dialog) => {
        troubles.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      return { page, context, troubles };
    },
    async close() {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
