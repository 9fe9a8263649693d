import { createApi } from './api.ts';
import { createFlow, isReturn, type Tokens } from './flow.ts';
import { element, onClick, show, showMe, showProgram, showTrouble } from './view.ts';

/*
 * `/sign-in/?business=biz_…&program=prg_…`, as a poster's code says: from a button to one's card.
 * Tokens live as long as the page does.
 */

const home = location.origin + location.pathname;
const anonymous = createApi();

async function main(): Promise<void> {
  const pool = await anonymous.customersPool();
  const flow = createFlow(pool, home);
  const leave = async (provider?: string, again = {}) => {
    location.assign(await flow.leave(provider, again));
  };
  for (const provider of ['Google', 'SignInWithApple']) {
    element(`with-${provider}`).hidden = !pool.providers.includes(provider);
    onClick(`with-${provider}`, () => leave(provider));
  }
  element('with-password').hidden = pool.domain === null;
  onClick('with-password', () => leave());

  const here = new URL(location.href);
  if (!isReturn(here)) return showStart();
  try {
    const back = await flow.comeBack(here);
    if (back.kind === 'again') return await leave(back.provider, { isSecond: true });
    await showCards(back.tokens);
    onClick('sign-out', () => signOut(back.tokens, flow.farewell()));
  } catch (error) {
    showTrouble((error as Error).message);
    await showStart();
  }
}

/** What the address names: whose customer to be, and of which program. */
function wanted(): { business: string | null; program: string | null } {
  const asked = new URLSearchParams(location.search);
  return { business: asked.get('business'), program: asked.get('program') };
}

async function showStart(): Promise<void> {
  const { program } = wanted();
  if (program !== null) showProgram(await anonymous.program(program));
  show('sign-in');
}

async function showCards({ accessToken }: Tokens): Promise<void> {
  const { business, program } = wanted();
  if (business === null) throw new Error('This address names no shop. Scan its poster again.');
  const api = createApi({ accessToken, business });
  await api.join(business);
  if (program !== null) await api.openCard(program);
  showMe(await api.me(), await api.cards());
}

async function signOut({ accessToken, refreshToken }: Tokens, farewell: string): Promise<void> {
  if (refreshToken !== undefined) await anonymous.signOut({ accessToken, refreshToken });
  location.assign(farewell);
}

try {
  await main();
} catch (error) {
  showTrouble((error as Error).message);
  show('sign-in');
}
