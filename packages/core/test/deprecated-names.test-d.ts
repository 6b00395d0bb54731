import type {
  DeliveryFacts,
  DiagnosticCode,
  JournalCode,
  JournalFacts,
  Refusal,
  SignatureFailure,
  VerificationResult,
  Verdict,
} from '@qbitflow/core';
import { expectTypeOf } from 'vitest';

// They stay until the next minor version.
expectTypeOf<JournalFacts>().toEqualTypeOf<DeliveryFacts>();
expectTypeOf<JournalCode>().toEqualTypeOf<DiagnosticCode>();
expectTypeOf<Refusal>().toEqualTypeOf<SignatureFailure>();
expectTypeOf<Verdict>().toEqualTypeOf<VerificationResult>();
