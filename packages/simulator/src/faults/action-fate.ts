import type { Address } from "@cloister/model";
import type { Script } from "../actions/script.ts";

/** Who sent an action, as far as its signature tells. */
export type Who = { readonly signer?: Address; readonly account?: Address };

/** What becomes of an action on its way in. */
export type ActionFate =
  | "execute"
  | "lose"
  | { readonly holdBlocks: number }
  | { readonly holdMs: number }
  /** It comes in twice, and the caller hears the answer to one of them. */
  | { readonly repeat: "first" | "second" }
  | { readonly script: Script };
