import type { Address, Random } from "@cloister/model";
import type { ActionFate } from "./action-fate.ts";
import type { BlockFate } from "./block-fate.ts";
import type {
  ActionSeen,
  AnswerSeen,
  BlockSeen,
  Delivery,
  ForeignAnswer,
  FrameSeen,
  ReadFate,
  ReadSeen,
  RequestSeen,
} from "./faults.ts";
import type { WrittenObject } from "../written-object.ts";

/** To whom: all of them together; none is everybody. */
export type PlannedWhom = {
  readonly account?: Address;
  readonly signer?: Address;
  readonly channel?: string;
  /** "order", "cancel", "openOrders", …; of a channel's frame, its subscription. */
  readonly type?: string;
  readonly path?: "/info" | "/exchange" | "/ws";
  /** A part of the frame, or of the answer's body: a status, a cloid. */
  readonly contains?: string;
};

export const WHOM = ["account", "signer", "channel", "type", "path", "contains"] as const;
export type WhomKey = (typeof WHOM)[number];

/** Selectors that tell something apart: of actions, of answers, of frames. */
export const OF_ACTION: readonly WhomKey[] = ["account", "signer", "type"];
export const OF_ANSWER: readonly WhomKey[] = ["account", "type", "path", "contains"];
export const OF_FRAME: readonly WhomKey[] = ["account", "channel", "type", "contains"];

/** A day: longer waits are no test, and timers could not hold them. */
export const MS = { min: 1, max: 86_400_000 };
export const COUNT = { min: 1, max: 1_000_000_000 };

type Fate<F> = F | undefined;
type Whom = { readonly to: PlannedWhom };

/** One kind of misbehaviour: how a plan names it, and what it makes of what it is asked about (undefined: nothing). */
export type FaultKind<Wrong extends object> = {
  /** Only the exchange itself can do it; all others can be done by whoever stands between. */
  readonly inside?: true;
  readonly to: readonly WhomKey[];
  /** For the table of the papers: its parameters, and what happens. */
  readonly paper: { readonly parameters: string; readonly happens: string };
  /** Its own parameters. @throws invalidOption */
  read(fault: WrittenObject): Wrong;
  /** @throws invalidOption for whom it cannot concern. */
  check?(to: WrittenObject, whom: PlannedWhom, wrong: Wrong): void;
  /** For how many ms it goes on once it has begun. */
  lastsMs?(wrong: Wrong): number;
  action?(wrong: Wrong, seen: ActionSeen): Fate<ActionFate>;
  frame?(wrong: Wrong & Whom, seen: FrameSeen): Fate<Delivery>;
  answer?(
    wrong: Wrong & Whom,
    seen: AnswerSeen,
  ): Fate<Delivery | { readonly instead: ForeignAnswer }>;
  request?(wrong: Wrong, seen: RequestSeen): Fate<{ readonly instead: ForeignAnswer }>;
  reading?(wrong: Wrong, seen: ReadSeen): Fate<ReadFate>;
  block?(wrong: Wrong & Whom, seen: BlockSeen & { readonly random: Random }): Fate<BlockFate>;
};

export function kind<Wrong extends object>(terms: FaultKind<Wrong>): FaultKind<Wrong> {
  return terms;
}

/** A kind without parameters of its own. */
export function plain(terms: Omit<FaultKind<object>, "read">): FaultKind<object> {
  return { ...terms, read: () => ({}) };
}
