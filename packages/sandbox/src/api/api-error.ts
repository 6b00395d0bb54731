/** What is wrong with one field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An answer other than success, before an API generation gives it its shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly fields: readonly FieldError[] = [];

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
