// Shows what the inspector has received. What arrives is text, never markup.
const list = document.getElementById('received');
const empty = document.getElementById('empty');
const choice = document.getElementById('answer');
const shown = new Set();

choice.addEventListener('change', () => {
  void fetch('/answer', { method: 'POST', body: choice.value });
});

function part(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

function present({ at, id, type, fault, body, answered }) {
  const whole = document.createElement('details');
  const line = document.createElement('summary');
  line.append(
    part('span', 'quiet', new Date(at).toLocaleTimeString()),
    part('span', 'type', type),
    part('span', fault ? 'bad' : 'good', fault ? `signature: ${fault}` : 'signature holds'),
    part('span', 'quiet', `answered ${answered}`),
  );
  let text = body;
  try {
    text = JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    // Shown as it came.
  }
  whole.append(line, part('p', 'quiet', `webhook-id ${id}`), part('pre', '', text));
  return whole;
}

async function look() {
  const { answer, received } = await (await fetch('/received.json')).json();
  if (document.activeElement !== choice) choice.value = answer;
  for (const one of received.toReversed()) {
    const key = `${one.at} ${one.id}`;
    if (shown.has(key)) continue;
    shown.add(key);
    list.prepend(present(one));
  }
  empty.hidden = shown.size > 0;
}

void look();
setInterval(() => void look().catch(() => undefined), 1_000);
