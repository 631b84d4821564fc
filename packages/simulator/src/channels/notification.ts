import { readAddress } from "@cloister/model";
import type { Core } from "../core.ts";
import type { JsonObject } from "../json.ts";
import type { WireFill } from "../market/fill.ts";
import { MALFORMED_SUBSCRIPTION, type Opening } from "./subscription.ts";

/** What the venue's page shows in a corner: one message per fill of a resting order (protocol §4.5). */
export function notification(_core: Core, args: JsonObject): Opening {
  const user = readAddress(args["user"]);
  if (user === undefined) return MALFORMED_SUBSCRIPTION;
  return {
    kind: "opened",
    echo: { type: "notification", user },
    feed: () => ({
      snapshot: () => [],
      onBlock: (news) =>
        (news.fills.get(user) ?? [])
          .filter(({ crossed }) => !crossed)
          .map((fill) => ({ channel: "notification", data: { notification: textOf(fill) } })),
    }),
  };
}

function textOf({ side, sz, coin, px }: WireFill): string {
  return `Resting order filled: ${side === "B" ? "Bought" : "Sold"} ${sz} ${coin} at $${px}`;
}
