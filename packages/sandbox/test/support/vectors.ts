// Published values of QBitFlow's signatures: what the sandbox signs with is held against them, not against the kit.

/** v1 signed each of these with this secret at this time. */
export const V1 = { secret: 'whsec_test_0123456789abcdef', timestamp: 1_700_000_000 };

/** A v1 body as sent, its canonical form and its signature. */
export interface VectorV1 {
  readonly body: string;
  readonly canonical: string;
  readonly digest: string;
}

export const VECTORS_V1: readonly VectorV1[] = [
  {
    body: '{}',
    canonical: '{}',
    digest: '86e42664e55bdef9d21c29ec99ef840bb60f05f718392629bb0eb162a585147e',
  },
  {
    body: '{"b":2,"a":1,"c":3}',
    canonical: '{"a":1,"b":2,"c":3}',
    digest: 'cefa417c919e24dadad16670fb997f379aece68be25f46d70bd2ee6541bb7b0a',
  },
  {
    body: '{"z":{"y":1,"x":2},"a":[{"d":4,"c":3}]}',
    canonical: '{"a":[{"c":3,"d":4}],"z":{"x":2,"y":1}}',
    digest: '710b9fed39bfd9f5c087f26f4bbb91eb5a30a56fc8e2f8e4ba41c0b92b7949a7',
  },
  {
    body: '{"url":"https://x.test/a?b=1&c=2","tag":"<b>"}',
    canonical: String.raw`{"tag":"\u003cb\u003e","url":"https://x.test/a?b=1\u0026c=2"}`,
    digest: '28b274c01275f3ea7c03f3feb7fd2ec52a9594333779cae66f975d8914bc9383',
  },
  {
    body: '{"int":2592000,"float":9.99,"zero":0,"neg":-1.5}',
    canonical: '{"float":9.99,"int":2592000,"neg":-1.5,"zero":0}',
    digest: 'd7939b32907de3fdfb5db88092caf53aa58234e3ec62ca9813d24df4bab78d3e',
  },
  {
    body: '{"whole":1.0,"negWhole":-2.0,"frac":2.50}',
    canonical: '{"frac":2.5,"negWhole":-2,"whole":1}',
    digest: '568f803efa06262d9bc43020a326a2d335739bc54c2f1f546d2f0c4d7ac70619',
  },
  {
    body: '{"uuid":"pay@01a0c0c7","txType":"payment","status":{"status":"completed","txHash":"0xabc"},"managementPageLink":"https://qbitflow.app/m?id=1&k=2"}',
    canonical: String.raw`{"managementPageLink":"https://qbitflow.app/m?id=1\u0026k=2","status":{"status":"completed","txHash":"0xabc"},"txType":"payment","uuid":"pay@01a0c0c7"}`,
    digest: 'bdce3332c824b8abbe798034e6f8156d914c81c088aad6f5694df3b98241c540',
  },
];

/** v2's: one body, signed by two secrets as during a rotation. */
export const V2 = {
  body: '{"createdAt":"2026-10-01T12:00:00Z","data":{},"id":"evt_3f1c2d4e-5a6b-5c7d-8e9f-0a1b2c3d4e5f","test":false,"type":"webhook.test","version":"v2"}',
  timestamp: 1_790_856_000,
  secrets: ['whsec_new_secret', 'whsec_old_secret'],
  digests: [
    '4a158046f55556e922bdec376a917c3ac338ba575b495f825427541a60bd2f4d',
    '1cc78a6297ad96dd282d9d0399def50ed42a4e651885ac79f8528194227bc4f5',
  ],
} as const;
