import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, integer, property, string } from 'fast-check';
import type { MailContent } from './content.ts';
import { tongueFor } from './languages/index.ts';
import { inkOn, render } from './render.ts';
import * as write from './write.ts';

const content: MailContent = {
  subject: 'A mail',
  preview: '',
  heading: 'A mail',
  paragraphs: [],
  why: '',
};
const frame = { language: 'en-GB', brand: 'Café Central', colour: '#1f5d4c', logo: null };

describe('what people typed in', () => {
  test('never becomes markup, a header or another line', () => {
    assert(
      property(string({ unit: 'binary' }), (name) => {
        const mail = render(
          { ...content, subject: name, heading: name, paragraphs: [name] },
          { ...frame, brand: name },
        );
        expect(mail.subject).not.toMatch(/[\r\n\p{Cc}]/u);
        const plain = render({ ...content, paragraphs: [''] }, frame);
        const tags = (html: string) => html.match(/<[a-z/!]/gi)?.length;
        expect(tags(mail.html)).toBe(tags(plain.html));
        expect(mail.text.split('\n').length).toBe(plain.text.split('\n').length);
      }),
    );
  });
});

test('whatever a brand’s colour, what stands on it can be read (WCAG AA)', () => {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  assert(
    property(integer({ min: 0, max: 0xff_ff_ff }), (number) => {
      const colour = `#${number.toString(16).padStart(6, '0')}`;
      const [light = 0, dark = 0] = [colour, inkOn(colour)]
        .map(luminance)
        .toSorted((a, b) => b - a);
      expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

describe('the language', () => {
  test.each([
    [['pt-BR'], 'pt-PT', 'pt-BR'],
    [['de'], 'de-DE', 'de-DE'],
    [['fr-FR', 'pt'], 'pt-PT', 'pt-PT'],
    [[null, undefined], 'en-GB', 'en-GB'],
    [['en-US'], 'en-GB', 'en-US'],
    [['xx-yy-zz'], 'en-GB', 'en-GB'],
  ])('for %j is %s', (wanted, language, locale) => {
    const tongue = tongueFor(wanted);
    expect([tongue.texts.language, tongue.locale]).toEqual([language, locale]);
  });

  test('writes days in the program’s zone, numbers and money as it does', () => {
    const about = {
      brand: { name: 'Café Central' },
      reward: 'Cake',
      expiresAt: Date.parse('2026-12-31T23:59:59.999+13:00'),
      zone: 'Pacific/Auckland',
      app: 'https://cards.example',
    };
    expect(write.reward(tongueFor(['de']), about).highlight?.note).toBe(
      'Gültig bis 31. Dezember 2026',
    );
    const figures = {
      sales: 1_412,
      revenue: [{ amount: 318_450, currency: 'EUR' }],
      customers: 0,
      newCustomers: 0,
      rewardsIssued: 3,
      rewardsRedeemed: 0,
    };
    const weekBefore = { ...figures, sales: 1_000, revenue: [], customers: 0 };
    const week = { business: 'Café', from: '2026-11-16', to: '2026-11-22', figures, weekBefore };
    const { rows } = write.week(tongueFor(['en']), { ...week, app: 'https://staff.example' });
    expect(rows?.slice(0, 3)).toEqual([
      { label: 'Sales', value: '1,412', change: '+41%' },
      { label: 'Revenue', value: '€3,184.50', change: undefined },
      { label: 'Customers who bought', value: '0', change: undefined },
    ]);
  });

  test('says everything in every language, and nothing of another mail', () => {
    assert(
      property(constantFrom('de', 'en', 'pt'), (tag) => {
        const tongue = tongueFor([tag]);
        const brand = { name: 'Café Central' };
        for (const mail of [
          write.welcome(tongue, { brand, app: 'https://cards.example' }),
          write.invitation(tongue, {
            business: 'Café',
            role: 'owner',
            app: 'https://staff.example',
          }),
          write.code(tongue, { purpose: 'new-password', brand: 'Café', code: '123456' }),
        ]) {
          const { html, text } = render(mail, frame);
          expect(html + text).not.toMatch(/undefined|\[object|\{\{/);
        }
      }),
    );
  });
});
