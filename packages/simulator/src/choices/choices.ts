/** One question whose answer is not established: where it is asked, and the answers it may have. */
type Choice<W extends string> = {
  /** Section of the protocol paper. */
  readonly section: string;
  readonly question: string;
  /** The first one is the default. */
  readonly words: readonly [W, ...W[]];
};

function choice<const W extends string>(
  section: string,
  question: string,
  words: readonly [W, W, ...W[]],
): Choice<W> {
  return { section, question, words };
}

/**
 * Every behaviour that the venue's papers leave open, as a choice of `createExchange({ rules })`.
 * A new one needs a test for each of its words and is traded through by the simulation of choices.
 */
export const CHOICES = {
  restingFill: choice("16.1", "an update when a resting order is partly filled", ["none", "open"]),
  reduceOnlyResize: choice("16.1", "an update when the position resizes a reduce-only order", [
    "none",
    "open",
  ]),

  partialIocSize: choice("16.2", "`sz` of an Ioc that executed in part", ["remainder", "zero"]),
  partialIocStatus: choice("16.2", "last status of an Ioc that executed in part", [
    "filled",
    "canceled",
  ]),

  partlyFilledGtc: choice("16.3", "answer to a Gtc that fills in part and rests", [
    "resting",
    "filled",
  ]),
  triggerAnswer: choice("16.3", "answer to a trigger order of its own", [
    "resting",
    "waitingForTrigger",
  ]),

  reusedCloid: choice("16.4", "a cloid again while its first order is open", [
    "accept",
    "reject",
    "replace",
  ]),

  invalidReplacement: choice("16.5", "the old order when a modify's replacement is invalid", [
    "keepsOld",
    "losesOld",
  ]),
  crossingReplacement: choice("16.5", "a post-only replacement that would cross", [
    "invalid",
    "badAloPx",
  ]),
  modifyAcross: choice("16.5", "a modify that changes coin or side", ["refuse", "allow"]),
  samePriceModify: choice("16.5", "the place in the queue after a modify with the same price", [
    "last",
    "kept",
  ]),
  plainModify: choice("9.6", "what a modify without always-place may place", [
    "postOnly",
    "asAsked",
  ]),
  modifyUpdates: choice("9.4", "the two updates of a modify", ["openFirst", "canceledFirst"]),
  modifyCloid: choice("9.2", "cloid of a replacement that names none", ["none", "inherited"]),
  failedModify: choice("9.5", "answer to a single modify that fails", ["err", "statuses"]),

  postError: choice("16.6", "payload of a post's `error`", ["statusAndBody", "status", "body"]),
  postWeight: choice("16.6", "REST weight of posts over a socket", ["none", "counted"]),
  reusedPostId: choice("16.6", "the id of a post that is still in flight, again", [
    "answersEach",
    "answersLatest",
    "refused",
  ]),

  rejectedRecords: choice("16.7", "records of orders rejected while running", [
    "kept",
    "forgotten",
  ]),
  modifiedRecords: choice("16.7", "records of orders that a modify replaced", [
    "kept",
    "forgotten",
  ]),

  groupUpdates: choice(
    "16.9",
    "a fill or an end, and what it does to its TP/SL group: the order of updates",
    ["causeFirst", "causeLast"],
  ),
  firedTrigger: choice("8.2", "`isTrigger` of an order whose trigger fired and that rests now", [
    "kept",
    "dropped",
  ]),
  modifiedGroup: choice("9.1", "the TP/SL group of an order that a modify replaces", [
    "left",
    "kept",
  ]),

  laterSnapshotFlag: choice("16.11", "`isSnapshot` of fills after the snapshot", [
    "absent",
    "false",
  ]),
  greeting: choice("2.1", "a plain text frame after the connection opens", ["none", "sent"]),
  unknownDexRead: choice("2.3", "a read of a dex nobody lists", ["malformed", "fault", "null"]),
  unknownDexSubscription: choice("2.3", "a subscription to a dex nobody lists", [
    "refused",
    "dropped",
  ]),
  emptyCancels: choice("7.4", "an action without cancels", ["accepted", "refused"]),

  firstStream: choice("6.4", "which of two channels tells a block first", [
    "orderUpdates",
    "userFills",
  ]),
  blockEnd: choice("6.4", "answers of a block, and its messages: which leave first", [
    "messages",
    "answers",
  ]),
  sameTimeFills: choice("4.2", "fills of one order and time among newest first", [
    "newestFirst",
    "asExecuted",
  ]),
  tradeIds: choice("4.2", "trade ids of different coins in one block", ["distinct", "collide"]),
  funding: choice("4.3", "payments for positions", ["hourly", "none"]),
  historyRows: choice("8.5", "rows of `historicalOrders` for one order", [
    "eachStatus",
    "lastStatus",
  ]),
  refusalTexts: choice("7.2", "texts of refused orders", ["live", "documented"]),
  bboNumbers: choice("7.2", "numbers in the post-only text", ["bare", "printed"]),
  offTickPrice: choice("7.2", "a price off the tick", ["recorded", "static"]),
  builderRefusal: choice("7.4", "where the builder's refusal stands", ["perOrder", "wholeRequest"]),
  strangerText: choice("7.5", "the text for a signer nobody knows", ["bare", "prefixed"]),
  minimumValue: choice("11.2", "at which price a perp order must be worth $10", ["limit", "mark"]),
} as const satisfies Readonly<Record<string, Choice<string>>>;

/** One word for each question. */
export type Choices = {
  readonly [Name in keyof typeof CHOICES]: (typeof CHOICES)[Name]["words"][number];
};
