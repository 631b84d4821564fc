import type { Address, VenueFact } from "@cloister/model";
import type { Broken } from "./decoded.ts";
import type { MarketData } from "./market-data.ts";

/** What one text frame of the venue's socket is, in our words (protocol §2 to §4). */
export type Frame =
  | FactsFrame
  /** An acknowledgement. The echo is normalised: the request is a subset of it (protocol §2.2). */
  | {
      readonly kind: "subscribed" | "unsubscribed";
      readonly subscription: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "pong" }
  | PostFrame
  | ErrorFrame
  /** Prices for a strategy; never a fact of an order. `broken` are elements that were not understood. */
  | {
      readonly kind: "market";
      readonly channel: string;
      readonly data: MarketData;
      readonly broken: readonly Broken[];
    }
  /** The plain text that some deployments send after the open (protocol §2.1). */
  | { readonly kind: "greeting" }
  | { readonly kind: "unrecognized"; readonly reason: string; readonly channel: string };

/** What a frame can say to the engine; the other facts are the transport's. */
export type FrameFact = Extract<
  VenueFact,
  {
    type:
      | "order"
      | "fill"
      | "openOrders"
      | "positions"
      | "venueCancel"
      | "ignored"
      | "unrecognized";
  }
>;

export type FactsFrame = {
  readonly kind: "facts";
  readonly channel: string;
  /** In the venue's order. Elements that were not understood are among them, as `unrecognized`. */
  readonly facts: readonly FrameFact[];
  /** The account that the frame names; `orderUpdates` and `user` name none. */
  readonly user?: Address;
  /** Whether the frame says that it is history (`userFills` after a subscribe). */
  readonly snapshot: boolean;
};

/** The answer to a post. `body` of an action is for `decodeAnswer`, of an info for `decodeInfo`, of an error its text. */
export type PostFrame =
  | { readonly kind: "post"; readonly id: number; readonly type: "action"; readonly body: unknown }
  | {
      readonly kind: "post";
      readonly id: number;
      readonly type: "info";
      readonly infoType: string;
      readonly body: unknown;
    }
  | { readonly kind: "post"; readonly id: number; readonly type: "error"; readonly body: string };

/** The error channel. The socket stays open (protocol §2.3). */
export type ErrorFrame = {
  readonly kind: "error";
  readonly text: string;
  /** The post that it refuses, when the text tells. That post was not admitted. */
  readonly postId?: number;
  /** The subscription that it speaks of, when the text echoes one. */
  readonly subscription?: Readonly<Record<string, unknown>>;
};
