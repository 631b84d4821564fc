import type { BlockNews } from "../ledger/block-news.ts";
import type { JsonObject } from "../json.ts";
import { type Opening, paced } from "./subscription.ts";

/** A channel that tells the whole of something: at once, and again when it may have changed. */
export type Steady = {
  readonly echo: JsonObject;
  readonly channel: string;
  readonly view: () => unknown;
  /** Least time between two messages, ms. */
  readonly everyMs: number;
  /** Whether a block may have changed it. */
  readonly changes: (news: BlockNews) => boolean;
};

export function steadyChannel({ echo, channel, view, everyMs, changes }: Steady): Opening {
  const message = (): object => ({ channel, data: view() });
  return {
    kind: "opened",
    echo,
    feed: () => {
      const due = paced(everyMs);
      return {
        snapshot: () => [message()],
        onBlock: (news) => (due(changes(news), news.atMs) ? message : undefined),
      };
    },
  };
}
