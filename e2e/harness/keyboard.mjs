// What a person who has only a keyboard can reach, and sees that they reached.
import assert from 'node:assert/strict';

const focused = () => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  // A number for each element met, the same at each meeting.
  globalThis.stopsMet ??= [];
  if (!globalThis.stopsMet.includes(element)) globalThis.stopsMet.push(element);
  const rank = globalThis.stopsMet.indexOf(element);
  const box = element.getBoundingClientRect();
  const label = element.labels?.[0]?.innerText ?? element.getAttribute('aria-label') ?? element.innerText ?? '';
  // The ring may be drawn by a pseudo-element: that of a card's link covers the card, that of a radio button is its label's.
  const beside = element.matches('input[type=radio], input[type=checkbox]') ? element.nextElementSibling : null;
  const drawn = [element, beside].filter(Boolean).flatMap((e) => [null, '::before', '::after'].map((part) => getComputedStyle(e, part)));
  return {
    tag: element.tagName.toLowerCase(),
    name: (label || element.value || '').trim().replace(/\s+/g, ' '),
    id: element.id,
    kind: `${element.tagName}.${element.getAttribute('class') ?? ''}`,
    key: rank,
    box: { x: box.x, y: box.y, width: box.width, height: box.height },
    marked: drawn.some((s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none'),
  };
};

/** Whether the picture of what has the focus changes when it loses it: a drawing has other rings than an outline. */
async function looksFocused(page, box) {
  const { width, height } = page.viewportSize();
  const [left, top] = [Math.max(0, box.x - 8), Math.max(0, box.y - 8)];
  const clip = { x: left, y: top, width: Math.min(box.width + 16, width - left), height: Math.min(box.height + 16, height - top) };
  const focusedPicture = await page.screenshot({ clip });
  const element = await page.evaluateHandle(() => document.activeElement);
  await element.evaluate((e) => e.blur());
  const plainPicture = await page.screenshot({ clip });
  await element.evaluate((e) => e.focus());
  return !focusedPicture.equals(plainPicture);
}

/** Presses Tab until the focus is on what bears this name, and returns it. */
export async function tabTo(page, name, { limit = 120 } = {}) {
  const met = [];
  for (let i = 0; i < limit; i += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(focused);
    if (here && (name instanceof RegExp ? name.test(here.name) : here.name === name)) return here;
    met.push(here?.name ?? '(page)');
  }
  return assert.fail(`no Tab reaches ${name}; met: ${met.join(' | ')}`);
}

/** Walks the whole page with Tab: each stop is visible and marked, none is a trap, and the walk ends. */
export async function assertKeyboardWalk(page, { limit = 400 } = {}) {
  const stops = new Set();
  // A picture is dear: one of each kind is enough, the others follow the same rules of style.
  const pictured = new Set();
  for (let i = 0; i < limit; i += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(focused);
    if (!here) break;
    if (stops.has(here.key)) {
      assert.ok(stops.size > 1, `the focus is trapped on ${here.tag} "${here.name}"`);
      break;
    }
    stops.add(here.key);
    assert.ok(here.box.width > 0 && here.box.height > 0, `the focus is on something invisible: ${here.tag} "${here.name}"`);
    const shows = here.marked || pictured.has(here.kind) || (await looksFocused(page, here.box));
    assert.ok(shows, `the focus does not show on ${here.tag} "${here.name}"`);
    if (!here.marked) pictured.add(here.kind);
  }
  assert.ok(stops.size > 0, 'nothing can be reached with the keyboard');
  return stops.size;
}
