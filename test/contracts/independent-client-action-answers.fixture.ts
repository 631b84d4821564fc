import type {
  CancelSuccessResponse,
  CreateSubAccountSuccessResponse,
  NoopSuccessResponse,
  OrderSuccessResponse,
  TwapCancelSuccessResponse,
  TwapOrderSuccessResponse,
} from "@nktkas/hyperliquid/api/exchange";
import * as v from "valibot";
import { hex, unsigned, whole } from "./independent-client-answers.fixture.ts";

/** The client's types of answers to actions as runtime schemas; an error is thrown by the client itself. */
type Answer<Response> = v.GenericSchema<unknown, Response>;

export const ORDERED: Answer<OrderSuccessResponse> = v.strictObject({
  status: v.literal("ok"),
  response: v.strictObject({
    type: v.literal("order"),
    data: v.strictObject({
      statuses: v.array(
        v.union([
          v.strictObject({
            resting: v.strictObject({ oid: whole, cloid: v.exactOptional(hex) }),
          }),
          v.strictObject({
            filled: v.strictObject({
              totalSz: unsigned,
              avgPx: unsigned,
              oid: whole,
              cloid: v.exactOptional(hex),
            }),
          }),
          v.picklist(["waitingForFill", "waitingForTrigger"]),
        ]),
      ),
    }),
  }),
});

export const CANCELED: Answer<CancelSuccessResponse> = v.strictObject({
  status: v.literal("ok"),
  response: v.strictObject({
    type: v.literal("cancel"),
    data: v.strictObject({ statuses: v.array(v.literal("success")) }),
  }),
});

/** No data at all (protocol §7.1). */
export const DONE: Answer<NoopSuccessResponse> = v.strictObject({
  status: v.literal("ok"),
  response: v.strictObject({ type: v.literal("default") }),
});

export const SUB_ACCOUNT_CREATED: Answer<CreateSubAccountSuccessResponse> = v.strictObject({
  status: v.literal("ok"),
  response: v.strictObject({ type: v.literal("createSubAccount"), data: hex }),
});

export const TWAP_STARTED: Answer<TwapOrderSuccessResponse> = v.strictObject({
  status: v.literal("ok"),
  response: v.strictObject({
    type: v.literal("twapOrder"),
    data: v.strictObject({
      status: v.strictObject({ running: v.strictObject({ twapId: whole }) }),
    }),
  }),
});

export const TWAP_CANCELED: Answer<TwapCancelSuccessResponse> = v.strictObject({
  status: v.literal("ok"),
  response: v.strictObject({
    type: v.literal("twapCancel"),
    data: v.strictObject({ status: v.literal("success") }),
  }),
});
