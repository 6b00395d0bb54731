import type * as z from 'zod';
import type { ApiError, FieldError } from '../api/api-error.js';
import type { ApiCallOptions, ApiClient, ApiRequest } from '../api/client.js';
import type { TransactionReference } from '../api/transaction-ids.js';
import type {
  CompletedTransaction,
  ExpiredSession,
  TransactionStatusReport,
} from '../api/transactions.js';
import type { CheckoutForm, CheckoutKind, CheckoutTerms } from '../checkout/params.js';
import type { CheckoutDetails, CheckoutSession, Order, SessionState } from '../checkout/session.js';
import type { HttpHeaders } from '../http/http.js';
import type { Runtime } from '../runtime.js';
import type { ReceivedBody } from '../webhook/body.js';
import type { JsonObject } from './json.js';
import type { ParseResult } from './parse-result.js';
import type { FailedSignature, HeaderInput, HmacKey, SignatureCheck } from './signature.js';

/** The names of QBitFlow's API generations as base URLs, events and records have them, the newest first. */
export const GENERATION_NAMES = ['v2', 'v1'] as const;

/** The name of one generation. */
export type GenerationName = (typeof GENERATION_NAMES)[number];

/** A delivery as far as signatures go. */
export interface Delivery {
  readonly headers: HttpHeaders;
  readonly body: ReceivedBody;
}

/** A signature as the headers state it: well-formed, of late, and still to be checked against the body. */
export interface SignatureClaim {
  readonly result: 'claimed';
  /** Checks it with every key, and its age once more: a body takes its time to arrive. */
  check(body: ReceivedBody, rules: SignatureRules): DeliveryCheck;
}

/** What a delivery's signature is checked with. */
export interface SignatureRules extends Omit<HeaderInput, 'headers'> {
  /** One for each secret that may have signed. */
  readonly keys: readonly HmacKey[];
}

/** What came of one of a delivery's signatures; `bytes_gone`: only the parsed value is left, and this one signs the bytes. */
export type DeliveryCheck = SignatureCheck | { readonly result: 'bytes_gone' };

/** Asks the API whether QBitFlow sent a delivery. */
export interface RemoteQuestion {
  readonly request: ApiRequest;
  /** Throws `ApiError` for an answer that only looks like a yes. */
  readonly assertGenuine: (answer: unknown) => void;
  /** Whether the API says that it did not; any other failure decides nothing. */
  readonly isRefusal: (error: ApiError) => boolean;
}

/** The channel on which an API tells of a transaction's changes by itself. */
export interface StatusChannel {
  readonly url: (baseUrl: string, reference: TransactionReference) => URL;
  /** A message's report; `undefined` for errors, other transactions and nonsense. */
  readonly read: (message: string, uuid: string) => TransactionStatusReport | undefined;
}

/** How a generation signs its deliveries: all that a check of signatures needs, without what bodies and the API are. */
export interface SigningScheme {
  readonly name: GenerationName;
  /** The headers a delivery is verified with, which are kept with it. */
  readonly signatureHeaders: readonly string[];
  /** How the main one is written in documentation. */
  readonly signatureHeader: string;
  /** Whether a delivery carries this generation's signature: it says nothing about the body, as one secret may sign for both. */
  readonly isSigned: (headers: HttpHeaders) => boolean;
  /** What the headers alone tell, which costs nothing; `undefined` where none of this generation's came. */
  readonly readClaim: (input: HeaderInput) => SignatureClaim | FailedSignature | undefined;
}

/** What a generation's signatures tell whoever finds out why one was refused: it is loaded with the first refusal. */
export interface SignatureClues {
  /** What its headers look like, and what changes them on the way. */
  readonly form: string;
  /** When the signature says it was made, in Unix seconds. */
  readonly signedAt: (headers: HttpHeaders) => number | undefined;
  /** What looks wrong with headers that are well-formed. */
  readonly oddities: (headers: HttpHeaders) => readonly string[];
}

/**
 * All in which QBitFlow's API generations differ about deliveries: how they are signed and what their bodies say. What the
 * API is asked are a generation's {@link ApiRules}, what a checkout is made of its {@link CheckoutRules}. Each generation
 * is one object of each type in a folder of its own, and the rest of the kit never asks which one it has.
 */
export interface Generation {
  readonly name: GenerationName;
  readonly signing: SigningScheme;

  /** Whether a JSON-parsed body has this generation's shape. */
  readonly isBody: (value: JsonObject) => boolean;
  /** Reads a JSON-parsed body as an event with v2's names. */
  readonly toEvent: (value: unknown) => ParseResult;
  /** Whether a verified delivery is the dashboard's connectivity test where there is no event for it; `raw`: its body. */
  readonly isConnectivityTest: (headers: HttpHeaders, raw: JsonObject | undefined) => boolean;

  /** Whether a remote check names the endpoint. */
  readonly asksByEndpoint: boolean;
  /** Whether customers come back by https only. */
  readonly needsHttpsInLiveMode: boolean;
}

/** All in which generations differ about what the API is asked, which a process that only takes deliveries never does: it is loaded with the first call. */
export interface ApiRules {
  readonly name: GenerationName;
  /** Throws `misconfigured` where it would name an endpoint and there is none. */
  readonly remoteQuestion: (delivery: Delivery, endpointUuid: string | undefined) => RemoteQuestion;

  /** What status queries about unknown ids may cost altogether, in calls per second. */
  readonly statusQueriesPerSecond: number;
  /** Names what is asked when a status is: equal questions have one answer. */
  readonly statusQuestion: (reference: TransactionReference) => string;
  /** Where a transaction stands; `undefined` when the API knows none. Rejects with `ApiError`. */
  readonly getStatus: (
    api: ApiClient,
    reference: TransactionReference,
    options: ApiCallOptions,
  ) => Promise<TransactionStatusReport | undefined>;
  /** Absent where the API has none: it is polled. */
  readonly statusChannel?: StatusChannel;
  /** A completed payment or subscription as the API gives it, under v2's names and types. */
  readonly inV2: (kind: CompletedTransaction['kind'], data: JsonObject) => JsonObject;
  /** What an expired checkout was; `undefined` when the API no longer knows it. Rejects with `ApiError`. */
  readonly getExpiredCheckout: (
    api: ApiClient,
    uuid: string,
  ) => Promise<ExpiredSession | undefined>;

  /** A session as the API describes it before it is paid; `undefined` where it describes none. Rejects with `ApiError`. */
  readonly readSession: (
    api: ApiClient,
    uuid: string,
    options: ApiCallOptions,
  ) => Promise<JsonObject | undefined>;
}

/** All in which generations differ about checkouts, which most processes never open: it is loaded with the first one. */
export interface CheckoutRules extends Pick<Generation, 'name' | 'needsHttpsInLiveMode'> {
  /** The session's terms; `undefined` when the API knows none. Rejects with `misconfigured` where there is no such call. */
  readonly getSession: (api: ApiClient, uuid: string) => Promise<CheckoutDetails | undefined>;
  /** Ends an unpaid session. Rejects with `misconfigured` where there is no such call. */
  readonly expireSession: (api: ApiClient, uuid: string) => Promise<void>;
  /** Ends an unpaid session if that is possible, and says how far it is. Rejects when that is not certain. */
  readonly endSession: (api: ApiClient, uuid: string, kind: CheckoutKind) => Promise<SessionState>;
  /**
   * Opens an order's session, and ends the one it had before (`old`) if that is possible. Rejects with `already_paid`,
   * `payment_in_progress`, `invalid_checkout` and `ApiError`.
   */
  readonly openSession: (
    runtime: Runtime,
    order: Order,
    old: string | undefined,
  ) => Promise<CheckoutSession>;

  /** What a create is sent. Fields without a value are left out of the JSON. */
  readonly createBody: (terms: CheckoutTerms) => object;
  /** The rules of each parameter by itself; what parameters mean together is checked beside. */
  readonly paramsSchema: (form: CheckoutForm) => z.ZodType<CheckoutTerms>;
  readonly paramNames: (kind: CheckoutKind) => readonly string[];
  /** The parameter that names a product by QBitFlow's id. */
  readonly productIdField: string;
  /** The parameters that a product described here needs. */
  readonly ownProductFields: readonly string[];
  /** What is wrong with the total of parameters as given. */
  readonly totalFaults: (
    given: Readonly<Record<string, unknown>>,
    mode: CheckoutForm['mode'],
  ) => readonly FieldError[];
  /** Characters of a return URL. */
  readonly longestReturnUrl: number;
}
