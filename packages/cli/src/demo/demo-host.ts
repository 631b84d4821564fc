import type { FileJournal } from "@cloister/journal";
import type { Clock, Logger, Random } from "@cloister/model";
import type { Screen } from "./screen.ts";
import type { Stop } from "./stop.ts";

/** What the demo needs of the process it runs in. */
export type DemoHost = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly screen: Screen;
  readonly stop: Stop;
  readonly runMs: number;
  /** Open; the engine closes it. */
  readonly journal?: FileJournal;
};
