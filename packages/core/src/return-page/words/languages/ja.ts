import type { Catalogue } from '../catalogue.js';

/** Japanese, polite. */
export const words: Catalogue = {
  paidTitle: 'お支払いを受け付けました',
  paidLine: 'ありがとうございます。お支払いが完了しました。',
  paidAfterCancelTitle: 'お支払いを確認しました',
  paidAfterCancelLine:
    'お支払いページを離れられましたが、お支払いはすでに送信されていました。お支払いは完了しておりますので、再度お支払いいただく必要はございません。',
  subscribedTitle: '定期購入のお手続きが完了しました',
  subscribedLine: 'ありがとうございます。定期購入の設定が完了しました。',
  subscribedAfterCancelLine:
    'お支払いページを離れられましたが、定期購入のお手続きはすでに完了していました。ほかに必要なお手続きはございません。',

  waitingTitle: 'お支払いをお待ちしています',
  waitingLine: '最終的な確認がまだ取れていません。通常は数分で完了します。',
  toPayLine: 'お支払いをまだ確認できていません。',
  sentLine:
    'お支払いは送信されました。ネットワーク上に反映されるのを待っています。通常は1～2分かかります。',
  confirmingLine:
    'ネットワークがお支払いを承認しています。通常は数分で完了しますが、混雑時にはさらに時間がかかることがあります。',
  checksAgainLine: 'このページは自動的に更新されます。',
  tellsLine: 'お支払いが済みしだい、このページに自動的に表示されます。',
  closeLine: 'このページを閉じて、後でもう一度ご覧いただくこともできます。',
  leftTitle: 'お支払いはまだ完了していません',
  leftLine:
    'お支払いページを離れられ、お支払いをまだ確認できていません。すでにお支払い済みの場合は、まもなくこのページに表示されます。',
  attemptFailedTitle: 'お支払いはまだ完了していません',
  attemptFailedLine:
    '直前のお支払いは完了できませんでした。お支払いページでもう一度お試しください。',
  apiAwayTitle: '現在、お支払いを確認できません',
  apiAwayLine:
    '決済サービスが一時的に応答していません。お支払いへの影響はありません。すでにお支払い済みの場合は、再度お支払いにならないようお願いいたします。',
  crowdedTitle: '確認に少し時間がかかっています',
  crowdedLine:
    '現在、多くのお支払いを確認しています。すでにお支払い済みの場合は、再度お支払いにならないようお願いいたします。',

  failedTitle: 'お支払いが完了しませんでした',
  failedLine: 'このお支払いは完了できませんでした。ショップに戻って、もう一度お試しください。',
  expiredTitle: 'お支払いの有効期限が切れました',
  expiredLine:
    'お支払いがないまま有効期限が切れました。ショップに戻って、もう一度お手続きください。',
  paidAnywayLine: 'お支払い済みの場合は、ショップまでお問い合わせください。',
  unknownTitle: 'お支払いが見つかりません',
  unknownLine:
    'このリンクに該当するお支払いが見つかりません。お支払い済みの場合は、ショップまでお問い合わせください。',
  invalidTitle: 'リンクが正しくありません',
  invalidLine:
    'リンクにお支払いの情報が含まれていません。お支払いページのリンクをお使いいただくか、ショップまでお問い合わせください。',

  toCheckout: 'お支払いページに進む',
  checkoutFailedTitle: 'お支払いページを開けませんでした',
  checkoutFailedLine: 'お支払いは行われていません。ショップまでお問い合わせください。',
  checkoutAwayLine:
    'お支払いは行われていません。ショップに戻って、しばらくしてからもう一度お試しください。',
  noOrderLine:
    'ご注文が見つからず、お支払いは行われていません。ショップに戻って、もう一度お試しください。',

  backToShop: '{shop}に戻る',
  contactShop: '{shop}に問い合わせる',
  tryAgain: 'もう一度試す',
  returnToCheckout: 'お支払いページに戻る',
  checkAgain: 'もう一度確認する',
  manageSubscription: '定期購入を管理する',
  managePayment: 'お支払いを管理する',
  printReceipt: '領収書を印刷する',
  seeOnExplorer: 'ブロックエクスプローラーで見る',
  copy: 'コピー',
  copied: 'コピーしました',
  copyReference: '注文番号をコピー',
  copyPaymentId: '決済IDをコピー',
  copySubscriptionId: '定期購入IDをコピー',
  copyTransaction: 'トランザクションハッシュをコピー',

  receipt: '領収書',
  orderReference: '注文番号',
  paymentId: '決済ID',
  subscriptionId: '定期購入ID',
  date: '日時',
  paidWith: 'お支払い通貨',
  network: 'ネットワーク',
  transaction: 'トランザクション',
  price: '価格',
  trialEnds: '無料期間の終了日',
  nextBill: '次回のお支払い',
  testPayment: 'テスト決済：実際の料金は発生しません',

  progress: 'お支払いの状況',
  stepToPay: 'お支払い待ち',
  stepOpened: 'お支払いページの表示',
  stepSent: 'お支払いの送信',
  stepConfirming: '承認中',
  stepPaid: 'お支払い完了',
  stepSubscribed: '定期購入の開始',

  iconPaid: '支払い済み',
  iconWaiting: '確認中',
  iconAttention: '注意',
  iconFailed: '失敗',
  iconExpired: '期限切れ',
  iconUnknown: '見つかりません',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date}（UTC）',
  priceEvery: '{price}（{period}）',
  trialUntil: '無料期間：{date}まで',
  trialLasts: '無料期間：{duration}',

  everySeconds: { 1: '毎秒', other: '{count}秒ごと' },
  everyMinutes: { 1: '毎分', other: '{count}分ごと' },
  everyHours: { 1: '毎時', other: '{count}時間ごと' },
  everyDays: { 1: '毎日', other: '{count}日ごと' },
  everyWeeks: { 1: '毎週', other: '{count}週間ごと' },
  everyMonths: { 1: '毎月', other: '{count}か月ごと' },
  everyYears: { 1: '毎年', other: '{count}年ごと' },
};
