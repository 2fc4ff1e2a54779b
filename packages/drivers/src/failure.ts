import { type ErrorContext, PlantroomError } from '@plantroom/base';
import type { FailureKind } from './contract.ts';

/** A failed read or connect; `kind` says what the caller must do. */
export class DriverFailure extends PlantroomError {
  readonly kind: FailureKind;

  constructor(
    kind: FailureKind,
    message: string,
    options: { hint?: string; context?: ErrorContext; cause?: unknown } = {},
  ) {
    super(`driver-${kind}`, message, options);
    this.kind = kind;
  }
}
