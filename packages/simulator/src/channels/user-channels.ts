import { readFlag } from "../json.ts";
import { readAddress } from "@cloister/model";
import type { Core } from "../core.ts";
import { clearinghouseView } from "../info/clearinghouse.ts";
import { dexOf } from "../info/answer.ts";
import { fillsSnapshot } from "../info/fills.ts";
import { openRows } from "../info/orders.ts";
import { runningTwaps } from "../info/twaps.ts";
import type { JsonObject } from "../json.ts";
import { aggregateFills } from "../market/aggregate-fills.ts";
import { MALFORMED_SUBSCRIPTION, type Opening, paced } from "./subscription.ts";

/** Deltas only: nothing on subscribe, one message per user and block, or per some blocks (protocol §4.1, §16.8). */
export function orderUpdates(core: Core, args: JsonObject): Opening {
  const user = readAddress(args["user"]);
  if (user === undefined) return MALFORMED_SUBSCRIPTION;
  const { updatesBlocks } = core.settings.rules;
  return {
    kind: "opened",
    echo: { type: "orderUpdates", user },
    feed: () => {
      let held: readonly object[] = [];
      return {
        snapshot: () => [],
        onBlock: (news) => {
          held = [...held, ...(news.updates.get(user) ?? [])];
          if (held.length === 0 || news.number % updatesBlocks !== 0) return undefined;
          const data = held;
          held = [];
          return { channel: "orderUpdates", data };
        },
      };
    },
  };
}

/** A snapshot, oldest first, then the fills of each block (protocol §4.2). */
export function userFills(core: Core, args: JsonObject): Opening {
  const user = readAddress(args["user"]);
  const aggregateByTime = readFlag(args["aggregateByTime"]);
  if (user === undefined || aggregateByTime === undefined) return MALFORMED_SUBSCRIPTION;
  return {
    kind: "opened",
    echo: { type: "userFills", user, aggregateByTime },
    feed: () => ({
      snapshot: () => {
        const { snapshotFills } = core.settings.rules;
        const fills = fillsSnapshot(core.ledger.accounts.get(user)?.fills ?? [], {
          count: snapshotFills,
          aggregate: aggregateByTime,
        });
        return [{ channel: "userFills", data: { isSnapshot: true, user, fills } }];
      },
      onBlock: (news) => {
        const each = news.fills.get(user) ?? [];
        const fills = aggregateByTime ? aggregateFills(each) : each;
        if (fills.length === 0) return undefined;
        const isLater = core.settings.rules.laterSnapshotFlag === "false";
        const flag = isLater ? { isSnapshot: false } : {};
        return { channel: "userFills", data: { ...flag, user, fills } };
      },
    }),
  };
}

/** The same fills again on the channel `user`, then what else happened; no snapshot (protocol §4.3). */
export function userEvents(_core: Core, args: JsonObject): Opening {
  const user = readAddress(args["user"]);
  if (user === undefined) return MALFORMED_SUBSCRIPTION;
  return {
    kind: "opened",
    echo: { type: "userEvents", user },
    feed: () => ({
      snapshot: () => [],
      onBlock: (news) => {
        const fills = news.fills.get(user);
        const twapFills = news.twapFills.get(user);
        const twapChanges = news.twapChanges.get(user);
        return [
          ...(fills === undefined ? [] : [{ fills }]),
          ...(news.events.get(user) ?? []),
          ...(twapFills === undefined ? [] : [{ twapSliceFills: twapFills }]),
          ...(twapChanges === undefined ? [] : [{ twapHistory: twapChanges }]),
        ].map((data) => ({
          channel: "user",
          data,
        }));
      },
    }),
  };
}

/** The whole list on every push, with live sizes (protocol §4.4). */
export function openOrders(core: Core, args: JsonObject): Opening {
  return stateChannel(core, args, {
    type: "openOrders",
    view: (user, dex) => ({ dex, user, orders: openRows(core.ledger.accounts.get(user), dex) }),
  });
}

export function clearinghouseState(core: Core, args: JsonObject): Opening {
  return stateChannel(core, args, {
    type: "clearinghouseState",
    view: (user, dex) => ({
      dex,
      user,
      clearinghouseState: clearinghouseView(core.ledger, core.ledger.accounts.get(user), dex),
    }),
  });
}

export function twapStates(core: Core, args: JsonObject): Opening {
  return stateChannel(core, args, {
    type: "twapStates",
    view: (user, dex) => ({ dex, user, states: runningTwaps(core.ledger.accounts.get(user), dex) }),
  });
}

type User = NonNullable<ReturnType<typeof readAddress>>;
type State = { readonly type: string; readonly view: (user: User, dex: string) => object };

function stateChannel(core: Core, args: JsonObject, state: State): Opening {
  const user = readAddress(args["user"]);
  const dex = dexOf(args);
  if (user === undefined || dex === undefined) return MALFORMED_SUBSCRIPTION;
  const echo = { type: state.type, user, dex };
  if (core.ledger.universe.dex(dex) === undefined) return { kind: "refused", echo };
  const message = (): object => ({ channel: state.type, data: state.view(user, dex) });
  return {
    kind: "opened",
    echo,
    feed: () => {
      const due = paced(core.settings.cadence.stateMs);
      return {
        snapshot: () => [message()],
        onBlock: (news) => (due(news.users.has(user), news.atMs) ? message : undefined),
      };
    },
  };
}
