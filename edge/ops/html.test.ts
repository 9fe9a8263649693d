import { expect, test } from '@jest/globals';
import { html } from './html.ts';
import { ago } from './layout.ts';

test('whatever stands in a page is text, unless `html` made it', () => {
  const name = `<script>alert("x & 'y'")</script>`;
  expect(html`<p title="${name}">${name}</p>`.text).toBe(
    '<p title="&#60;script&#62;alert(&#34;x &#38; &#39;y&#39;&#34;)&#60;/script&#62;">' +
      '&#60;script&#62;alert(&#34;x &#38; &#39;y&#39;&#34;)&#60;/script&#62;</p>',
  );
  const items = [1, 2].map((n) => html`<b>${n}</b>`);
  expect(html`<p>${items}</p>`.text).toBe('<p><b>1</b><b>2</b></p>');
  expect(html`<p>${undefined}${false}${0}</p>`.text).toBe('<p>0</p>');
});

test('how long ago something was is told in the largest unit that says something', () => {
  const second = 1_000;
  const told = [119, 120, 7_199, 7_200, 172_799, 172_800].map((s) => ago(0, s * second));
  expect(told).toEqual([
    '119 s ago',
    '2 min ago',
    '120 min ago',
    '2 h ago',
    '48 h ago',
    '2 days ago',
  ]);
  expect(ago(5_000, 0)).toBe('0 s ago');
});
