import type { Card, Customer, ProgramPage } from './api.ts';

/** Everything is shown as text: names are what people typed. */
export function showProgram({ name, rules }: ProgramPage): void {
  element('program').textContent = name;
  element('rules').replaceChildren(...rules.map((rule) => textOf('li', rule)));
}

export function showMe(customer: Customer, cards: readonly Card[]): void {
  element('name').textContent = customer.name === null ? '' : `, ${customer.name}`;
  element('cards').replaceChildren(...cards.map(cardOf));
  show('me');
}

/** Shows one part of the page. */
export function show(part: 'status' | 'sign-in' | 'me'): void {
  for (const id of ['status', 'sign-in', 'me']) element(id).hidden = id !== part;
}

export function showTrouble(text: string): void {
  const trouble = element('trouble');
  trouble.textContent = text;
  trouble.hidden = false;
}

export function onClick(id: string, act: () => Promise<void>): void {
  element(id).addEventListener('click', () => {
    element('trouble').hidden = true;
    act().catch((error: Error) => showTrouble(error.message));
  });
}

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}

function cardOf(card: Card): HTMLElement {
  const article = document.createElement('article');
  article.dataset['card'] = card.id;
  article.append(textOf('h2', card.programName), ...progressOf(card));
  return article;
}

function progressOf({ unit, balance, progress }: Card): HTMLElement[] {
  if (!progress) return [textOf('p', `${balance} ${unit}s`)];
  const current = Number(progress.current);
  const target = Number(progress.target);
  return [
    unit === 'stamp' ? slots(current, target) : bar(current, target),
    textOf('p', progress.text),
  ];
}

function slots(current: number, target: number): HTMLElement {
  const list = document.createElement('ol');
  list.className = 'slots';
  // The words beside it say the same.
  list.ariaHidden = 'true';
  for (let slot = 0; slot < target; slot += 1) {
    const item = document.createElement('li');
    item.classList.toggle('full', slot < current);
    list.append(item);
  }
  return list;
}

function bar(current: number, target: number): HTMLElement {
  const progress = document.createElement('progress');
  progress.max = target;
  progress.value = current;
  progress.ariaHidden = 'true';
  return progress;
}

function textOf(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
