import type { OrderEvent, OrderEventType } from "@cloister/model";

export type EventOf<Type extends OrderEventType> = Extract<OrderEvent, { readonly type: Type }>;

/** An event of one of these types, in the form by which a table of functions can be asked for its own. */
export type OneOf<Type extends OrderEventType> = {
  [Each in Type]: EventOf<Each> & { readonly type: Each };
}[Type];

/** For each of these types, what its event makes of something. */
export type Joins<Type extends OrderEventType, Known> = {
  readonly [Each in Type]: (known: Known, event: OneOf<Each>) => Known;
};
