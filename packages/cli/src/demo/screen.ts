import { drawScene, eraseLines, type Scene, sceneLine } from "./dashboard.ts";

/** What a person sees while the demo runs. */
export type Screen = {
  /** How often it wants a scene, ms. */
  readonly everyMs: number;
  show(scene: Scene): void;
  /** A line that stays. */
  note(text: string): void;
};

/** A picture that is redrawn on a terminal, a line now and then for a log. */
export function createScreen(
  write: (text: string) => void,
  columns: () => number | undefined,
): Screen {
  return columns() === undefined ? lineScreen(write) : pictureScreen(write, columns);
}

function pictureScreen(write: (text: string) => void, columns: () => number | undefined): Screen {
  let drawn = 0;
  return {
    everyMs: 200,
    show(scene) {
      // A line that wraps would take two rows, and the next picture would stand beside this one.
      const width = columns() ?? 80;
      const lines = drawScene(scene).map((line) => line.slice(0, width - 1));
      write(`${eraseLines(drawn)}${lines.join("\n")}\n`);
      drawn = lines.length;
    },
    note(text) {
      write(`${text}\n`);
      drawn = 0;
    },
  };
}

function lineScreen(write: (text: string) => void): Screen {
  return {
    everyMs: 2_000,
    show: (scene) => write(`${sceneLine(scene)}\n`),
    note: (text) => write(`${text}\n`),
  };
}
