import { SingleBar } from 'cli-progress';

/** What a long operation tells its caller while it runs. */
export type Progress =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'trouble'; readonly text: string }
  /** Some of a known number of things; the last one of a text has `done` equal to `total`. */
  | {
      readonly kind: 'part';
      readonly text: string;
      readonly done: number;
      readonly total: number;
    };

export type OnProgress = (progress: Progress) => void;

type Part = Extract<Progress, { kind: 'part' }>;

/** Prints progress to a terminal with a bar, to anything else as plain lines. */
export function printProgress(): OnProgress {
  const showPart = process.stdout.isTTY ? barPrinter() : linePrinter();
  return (progress) => {
    if (progress.kind === 'part') showPart(progress);
    else console.log(`${progress.kind === 'done' ? '✓' : '!'} ${progress.text}`);
  };
}

function barPrinter(): (part: Part) => void {
  let bar: SingleBar | undefined;
  return ({ text, done, total }) => {
    if (bar === undefined) {
      const format = `  ${text} {bar} {percentage}% {value}/{total}, {duration_formatted}`;
      bar = new SingleBar({ format, barsize: 30, hideCursor: true, stream: process.stdout });
      bar.start(total, done);
    }
    bar.setTotal(total);
    bar.update(done);
    if (done < total) return;
    bar.stop();
    bar = undefined;
  };
}

/** One line for every tenth of the way: enough to see that it moves, little in a log. */
function linePrinter(): (part: Part) => void {
  let shownTenth = 0;
  return ({ text, done, total }) => {
    const tenth = total === 0 ? 10 : Math.floor((10 * done) / total);
    if (tenth > shownTenth) console.log(`  ${text} ${done}/${total}`);
    shownTenth = tenth === 10 ? 0 : tenth;
  };
}
