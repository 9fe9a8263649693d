import { startFauxqs } from 'fauxqs';
import {
  deadLetterAttributes,
  deadLettersOf,
  functionNames,
  queueAttributes,
} from '../../../queues/functions.ts';
import { listenHere } from '../listen-here.ts';

/*
 * fauxqs as a process of its own, with the functions' queues. What it keeps survives its end. It has no
 * StartMessageMoveTask, and takes whatever signature it is shown.
 */
const {
  HOST: host = '127.0.0.1',
  PORT: port = '9324',
  DATA: dataDir,
  VISIBILITY_SECONDS: unseen,
} = process.env;
const ARN = 'arn:aws:sqs:eu-west-1:000000000000:';

listenHere(host);
await startFauxqs({
  port: Number(port),
  defaultRegion: 'eu-west-1',
  init: {
    queues: functionNames.flatMap((name) => {
      const deadLetters = deadLettersOf(name);
      return [
        { name: deadLetters, attributes: { ...deadLetterAttributes } },
        {
          name,
          attributes: {
            ...queueAttributes(name, `${ARN}${deadLetters}`),
            ...(unseen && { VisibilityTimeout: unseen }),
          },
        },
      ];
    }),
  },
  ...(dataDir && { dataDir }),
});
console.log(JSON.stringify({ event: 'ready', port }));
