// Debian's Chromium, driven by Playwright: one browser a test file, one fresh context a visit.
import { after } from 'node:test';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { FLAGS } from './flags.mjs';

export const BASE = process.env.MAILLAGE_E2E_URL ?? 'http://127.0.0.1:8080';

/** A narrow phone and a common laptop. */
export const WIDTHS = [360, 1280];

const viewport = (width) => ({ width, height: width < 600 ? 740 : 800 });

/** The same page on a screen of another width. */
export function resize(page, width) {
  return page.setViewportSize(viewport(width));
}

let browser;

after(async () => {
  await (await browser)?.close();
});

/** The browser of this file, started at the first visit. The promise is kept, so that visits at the same time share it. */
export function theBrowser() {
  browser ??= chromium.launch({ executablePath: process.env.MAILLAGE_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  return browser;
}

/**
 * Opens a page as somebody who was never there before; it closes with the test `t`.
 * Whatever the browser complains of, or asks of another host, fails the test, and so does another status than the one expected.
 */
export async function visit(t, path, { base = BASE, width = 1280, javascript = true, scheme = 'light', headers = {}, expected = 200 } = {}) {
  const context = await (await theBrowser()).newContext({
    viewport: viewport(width),
    javaScriptEnabled: javascript,
    colorScheme: scheme,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    extraHTTPHeaders: headers,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints = [];
  // A form refused at its fields, or overtaken by someone else, is an answer that journeys look at.
  const refusals = new Set();
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && [409, 422].includes(response.status())) refusals.add(response.url());
  });
  page.on('console', (message) => {
    // Chromium reports the status of the page itself as an error; it is judged below.
    const { url } = message.location();
    const ofThePage = (url === base + path || refusals.has(url)) && message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !ofThePage) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(base).origin) complaints.push(`request to ${origin}`);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, [], `the browser complained on ${path}`);
  });
  const answer = await page.goto(base + path, { waitUntil: 'load' });
  assert.equal(answer.status(), expected, `the status of ${path}`);
  return page;
}
