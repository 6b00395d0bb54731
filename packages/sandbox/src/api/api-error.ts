/** What is wrong with one field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An answer other than success, before an API generation gives it its shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly fields: readonly FieldError[] = [];
  /** v2's `details` beside the fields at fault. */
  readonly details: Readonly<Record<string, string | number>> = {};
  /** For the `Retry-After` header. */
  readonly retryAfterSeconds: number | undefined = undefined;

  constructor(
    readonly status: number,
    /** v2's `code`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** 400 `validation_failed`, naming the fields at fault. */
export class ValidationError extends ApiError {
  override readonly fields: readonly FieldError[];

  override readonly details: Readonly<Record<string, string | number>>;

  constructor(
    fields: readonly FieldError[],
    message = 'the request is not valid',
    details: Readonly<Record<string, string | number>> = {},
  ) {
    super(400, 'validation_failed', message);
    this.fields = fields;
    this.details = details;
  }
}

/** 409 `unique_violation`, naming the field whose value is taken. */
export class UniqueViolation extends ApiError {
  override readonly details: Readonly<Record<string, string>>;

  constructor(field: string, message: string) {
    super(409, 'unique_violation', message);
    this.details = { field };
  }
}

/** An answer that the sandbox was told to give. */
export class TroubleError extends ApiError {
  override readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, retryAfterSeconds: number | undefined) {
    super(status, code, 'the sandbox was told to answer so (setTrouble)');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
