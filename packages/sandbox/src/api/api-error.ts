/** What is wrong with one field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An answer other than success, before an API generation gives it its shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly fields: readonly FieldError[] = [];
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

  constructor(fields: readonly FieldError[], message = 'the request is not valid') {
    super(400, 'validation_failed', message);
    this.fields = fields;
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
