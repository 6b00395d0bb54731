import type { CheckoutRules } from '../protocol/generation.js';

/** Which of the two kinds of checkout: one payment, or a subscription. */
export type CheckoutKind = 'payment' | 'subscription';

/** In what a {@link CheckoutPeriod} is counted. QBitFlow takes a month as 30 days and a year as 365. */
export type CheckoutUnit = 'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years';

/** A length of time. */
export interface CheckoutPeriod {
  /** Whole, at least 1. */
  readonly value: number;
  readonly unit: CheckoutUnit;
}

/** Free time before the first bill; a value of 0 switches it off and needs no unit. */
export type CheckoutTrial =
  CheckoutPeriod | { readonly value: 0; readonly unit?: CheckoutUnit | undefined };

/** A line of your own on top of the price. */
export interface CheckoutFee {
  /** 1 to 40 characters on one line: what the customer reads. */
  readonly label: string;
  /** At most 200 characters. */
  readonly description?: string | undefined;
  /** USD, more than 0, at most 1,000,000, with at most 2 decimals: a number or a text like `'2.50'`. */
  readonly amountUsd: number | string;
}

/** What a customer pays beside the price of a payment. v2 only. */
export interface CheckoutFees {
  /** Whether the customer bears QBitFlow's processing fee. @default what the dashboard says */
  readonly processingFee?: boolean | undefined;
  /** At most 10. The customer pays the price and all of them. */
  readonly items?: readonly CheckoutFee[] | undefined;
}

type Without<Field extends string> = { readonly [F in Field]?: undefined };

/** What is sold, in exactly one form: a product QBitFlow knows, or one described here. */
export type ProductChoice =
  | ({
      /** v2's id of a product, a UUID. */
      readonly productUuid: string;
    } & Without<'productId' | 'productReference' | 'productName' | 'price' | 'description'>)
  | ({
      /** v1's id of a product. */
      readonly productId: number;
    } & Without<'productUuid' | 'productReference' | 'productName' | 'price' | 'description'>)
  | ({
      /** Your own name of a product you told QBitFlow about. */
      readonly productReference: string;
    } & Without<'productUuid' | 'productId' | 'productName' | 'price' | 'description'>)
  | ({
      /** 2 to 100 characters; v2 takes no line breaks and none of ``< > { } [ ] \ | ; " ~ ^ ` ``. */
      readonly productName: string;
      /**
       * USD, more than 0; rounded to 6 decimals, the smallest part of a dollar that coins have, so that `0.1 + 0.2` is
       * `0.3`. QBitFlow's test mode takes at most 5, fees included.
       */
      readonly price: number;
      /** 2 to 500 characters, without those a name may not have; v1 needs one. */
      readonly description?: string | undefined;
    } & Without<'productUuid' | 'productId' | 'productReference'>);

/** What both kinds of checkout have beside the product. */
export interface CommonParams {
  /**
   * Your order's id, another one for each order: on v2 it is 1 to 100 of `A-Z a-z 0-9 . _ : @ -`. However often an
   * order's checkout is asked for, at most one session is open for it. Comes back as `event.data.reference`.
   */
  readonly reference?: string | undefined;
  /**
   * The `uuid` of the session that this order had before, kept with it: needed where the order's terms changed and
   * another process may have opened that session. It is ended before it could be paid beside the new one (v1 cannot:
   * there it is only asked whether it is paid), unless it is the very session that is given again.
   */
  readonly replaces?: string | undefined;
  /**
   * Where a customer who has paid goes: a full URL (https in live mode), or a path below the option `publicUrl`; on v2
   * at most 2,048 characters. Placeholders are added.
   * @default `${publicUrl}/success`
   */
  readonly successUrl?: string | undefined;
  /** Where a customer who gives up goes, likewise. @default `${publicUrl}/cancel` */
  readonly cancelUrl?: string | undefined;
  /** Who buys, by QBitFlow's id (on v2 a UUID); or {@link CommonParams.customerReference}. Without either the checkout asks. */
  readonly customerUuid?: string | undefined;
  /** Who buys, by your own id; on v2 of the same characters as `reference`. */
  readonly customerReference?: string | undefined;
  /** v2: 10 to 1440 minutes. @default QBitFlow's, about a day */
  readonly expiresInMinutes?: number | undefined;
}

/** A checkout for one payment. Names are v2's for both generations. */
export type PaymentParams = ProductChoice &
  CommonParams & {
    /** Fees on top of the price. v2 only. */
    readonly fees?: CheckoutFees | undefined;
  };

/** A checkout for a subscription. */
export type SubscriptionParams = ProductChoice &
  CommonParams &
  Without<'fees'> & {
    /** How often is billed; v1 needs it. On v2 at least an hour (5 minutes in test mode) and at most a year. */
    readonly frequency?: CheckoutPeriod | undefined;
    readonly trialPeriod?: CheckoutTrial | undefined;
    /** Periods before the customer may cancel, at least 0; v2 takes at most 1000. */
    readonly minPeriods?: number | undefined;
  };

/** Either kind, told apart by `kind`; a payment need not say so. */
export type CheckoutParams =
  | ({ readonly kind?: 'payment' | undefined } & PaymentParams)
  | ({ readonly kind: 'subscription' } & SubscriptionParams);

/** Parameters that passed every check, in one flat shape: amounts canonical, return URLs as they are sent. */
export interface CheckoutTerms extends CommonParams {
  readonly productUuid?: string | undefined;
  readonly productId?: number | undefined;
  readonly productReference?: string | undefined;
  readonly productName?: string | undefined;
  readonly price?: number | undefined;
  readonly description?: string | undefined;
  readonly fees?: FeeTerms | undefined;
  readonly frequency?: CheckoutPeriod | undefined;
  readonly trialPeriod?: TrialTerms | undefined;
  readonly minPeriods?: number | undefined;
}

/** {@link CheckoutFees} that passed every check. */
export interface FeeTerms {
  readonly processingFee?: boolean | undefined;
  readonly items?: readonly (CheckoutFee & { readonly amountUsd: number })[] | undefined;
}

/** {@link CheckoutTrial} that passed every check. */
export interface TrialTerms {
  readonly value: number;
  readonly unit?: CheckoutUnit | undefined;
}

/** Which checkout is being opened, and where: what its fields are, and what they may be, depends on it. */
export interface CheckoutForm {
  readonly generation: CheckoutRules;
  readonly kind: CheckoutKind;
  /** Whose money, where the API key says so; else it is the API's to judge. */
  readonly mode?: 'live' | 'test' | undefined;
  /** Where the routes are mounted, without a slash at its end. */
  readonly publicUrl?: string | undefined;
}
