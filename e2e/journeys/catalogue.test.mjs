// Every component in every state, on one page.
import test from 'node:test';
import { assertAccessible, assertWellBuilt } from '../harness/accessibility.mjs';
import { assertKeyboardWalk } from '../harness/keyboard.mjs';
import { visit, WIDTHS } from '../harness/browser.mjs';

for (const width of WIDTHS) {
  for (const scheme of ['light', 'dark']) {
    test(`le catalogue est accessible à ${width} px, ${scheme}`, async (t) => {
      const page = await visit(t, '/_composants', { width, scheme });
      await assertWellBuilt(page);
      await assertAccessible(page);
    });
  }
}

test('le catalogue se parcourt au clavier', async (t) => {
  await assertKeyboardWalk(await visit(t, '/_composants'));
});
