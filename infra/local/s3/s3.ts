import { join } from 'node:path';
import { type StandInHandle, type StandInOptions, startStandIn } from '../stand-in.ts';

const BUCKET = 'regulars';

/** Starts the stand-in for S3, with the bucket. @throws Error when it is not ready */
export function startS3(options: StandInOptions): Promise<StandInHandle> {
  return startStandIn(
    {
      name: 'S3',
      script: join(import.meta.dirname, 'server.ts'),
      env: { BUCKET },
      envOfUsers: (url) => ({
        S3_BUCKET: BUCKET,
        S3_REGION: 'eu-west-1',
        S3_ENDPOINT: url,
        // The stand-in asks for some, and takes any.
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      }),
    },
    options,
  );
}
