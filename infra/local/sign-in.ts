import { join } from 'node:path';
import { startApps } from './apps/apps.ts';
import { startCognito } from './cognito/cognito.ts';
import { startHostedUi } from './hosted-ui/hosted-ui.ts';
import type { StandInHandle } from './stand-in.ts';

export interface SignInParts {
  readonly cognito: StandInHandle;
  /** Where people begin, in a browser. */
  readonly signInUrl: string;
  /** For messages. */
  readonly names: readonly string[];
  /** What makes our processes take all this for the real ones. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts all that people need to sign in: Cognito, its hosted pages with Google and Apple behind
 * them, and the page that begins it.
 * @throws Error when one of them is not ready; nothing is left running then
 */
export async function startSignIn(options: {
  readonly dir: string;
  readonly ports: Readonly<Record<'edge' | 'cognito' | 'hostedUi' | 'apps', number>>;
  /** Where codes are sent to; absent: nowhere. */
  readonly sesEndpoint?: string | undefined;
  readonly restart: boolean;
  readonly onTrouble: (text: string) => void;
}): Promise<SignInParts> {
  const { dir, ports, restart, onTrouble } = options;
  const of = (name: 'cognito' | 'hostedUi' | 'apps', folder: string) => ({
    dataDir: join(dir, folder),
    port: ports[name],
    restart,
    onTrouble,
  });
  const page = (host: string) => `http://${host}:${ports.apps}/sign-in/`;
  const starting = [
    startCognito({ ...of('cognito', 'cognito'), sesEndpoint: options.sesEndpoint }),
    startHostedUi({
      ...of('hostedUi', 'hosted-ui'),
      cognitoUrl: `http://127.0.0.1:${ports.cognito}`,
      redirectUris: [page('localhost'), page('127.0.0.1')],
    }),
    startApps({
      ...of('apps', 'apps'),
      edgeUrl: `http://127.0.0.1:${ports.edge}`,
      domain: `http://127.0.0.1:${ports.hostedUi}/customers`,
    }),
  ] as const;
  const stop = async () => {
    const ended = await Promise.allSettled(starting);
    const up = ended.flatMap((part) => (part.status === 'fulfilled' ? [part.value] : []));
    await Promise.all(up.map((part) => part.stop()));
  };
  try {
    const parts = await Promise.all(starting);
    return {
      cognito: parts[0],
      signInUrl: page('localhost'),
      names: parts.map(({ name, port }) => `${name} on 127.0.0.1:${port}`),
      env: Object.assign({}, ...parts.map(({ env }) => env)) as Record<string, string>,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
