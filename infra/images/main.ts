import { drawLogo } from './draw-logo.ts';

/* A process for one picture: gets the file and answers with what it makes of it. */

// Whoever asked has the answer, or has died.
process.once('disconnect', () => process.exit());
process.once('message', (upload: Uint8Array) => {
  drawLogo(upload).then(
    (answer) => process.send?.(answer),
    () => process.exit(1),
  );
});
