/** Which of the two kinds of checkout: one payment, or a subscription. */
export type CheckoutKind = 'payment' | 'subscription';

/** A length of time. `years` exist on v2 only. */
export interface CheckoutPeriod {
  /** Whole, at least 1. */
  readonly value: number;
  readonly unit: 'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years';
}

type Without<Field extends string> = { readonly [F in Field]?: undefined };

/** What is sold, in exactly one form: a product QBitFlow knows, or one described here. */
export type ProductChoice =
  | ({
      /** v2's id of a product. */
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
      /** 2 to 100 characters. */
      readonly productName: string;
      /** USD, more than 0; QBitFlow's test mode takes at most 5. */
      readonly price: number;
      /** At most 500 characters; v1 needs at least 2. */
      readonly description?: string | undefined;
    } & Without<'productUuid' | 'productId' | 'productReference'>);

/** What both kinds of checkout have beside the product. */
export interface CommonParams {
  /**
   * Your order's id, one for each attempt to sell: on v2 it is 1 to 100 of `A-Z a-z 0-9 . _ : @ -`, unique, and makes
   * a double click open one session. Comes back as `event.data.reference`.
   */
  readonly reference?: string | undefined;
  /**
   * Where a customer who has paid goes: a full URL, or a path below the option `publicUrl`. Placeholders are added.
   * @default `${publicUrl}/success`
   */
  readonly successUrl?: string | undefined;
  /** Where a customer who gives up goes, likewise. @default `${publicUrl}/cancel` */
  readonly cancelUrl?: string | undefined;
  /** Who buys, by QBitFlow's id; or {@link CommonParams.customerReference}. Without either the checkout asks. */
  readonly customerUuid?: string | undefined;
  /** Who buys, by your own id. */
  readonly customerReference?: string | undefined;
  /** v2: 10 to 1440 minutes. @default QBitFlow's, about a day */
  readonly expiresInMinutes?: number | undefined;
}

/** A checkout for one payment. Names are v2's for both generations. */
export type PaymentParams = ProductChoice & CommonParams;

/** A checkout for a subscription. */
export type SubscriptionParams = PaymentParams & {
  /** How often is billed; v1 needs it. */
  readonly frequency?: CheckoutPeriod | undefined;
  /** Free time before the first bill. */
  readonly trialPeriod?: CheckoutPeriod | undefined;
  /** Periods before the customer may cancel, at least 1; v2 takes at most 1000. */
  readonly minPeriods?: number | undefined;
};

/** Either kind, told apart by `kind`; a payment need not say so. */
export type CheckoutParams =
  | ({ readonly kind?: 'payment' | undefined } & PaymentParams)
  | ({ readonly kind: 'subscription' } & SubscriptionParams);

/** Parameters that passed every check, in one flat shape; which product form it is has been checked too. */
export interface CheckoutTerms extends CommonParams {
  readonly productUuid?: string | undefined;
  readonly productId?: number | undefined;
  readonly productReference?: string | undefined;
  readonly productName?: string | undefined;
  readonly price?: number | undefined;
  readonly description?: string | undefined;
  readonly frequency?: CheckoutPeriod | undefined;
  readonly trialPeriod?: CheckoutPeriod | undefined;
  readonly minPeriods?: number | undefined;
}
