import type { Catalogue } from '../catalogue.js';

/** Korean, polite. A shop's name takes no particle whose form depends on its last sound. */
export const words: Catalogue = {
  paidTitle: '결제 완료',
  paidLine: '감사합니다. 결제가 정상적으로 완료되었습니다.',
  paidAfterCancelTitle: '결제가 확인되었습니다',
  paidAfterCancelLine:
    '결제 페이지를 나가셨지만 결제는 이미 전송된 상태였습니다. 결제가 완료되었으므로 다시 결제하지 않으셔도 됩니다.',
  subscribedTitle: '구독이 확인되었습니다',
  subscribedLine: '감사합니다. 구독이 설정되었습니다.',
  subscribedAfterCancelLine:
    '결제 페이지를 나가셨지만 구독은 이미 확인된 상태였습니다. 추가로 하실 일은 없습니다.',

  waitingTitle: '결제를 기다리고 있습니다',
  waitingLine: '아직 최종 확인을 받지 못했습니다. 보통 몇 분 정도 걸립니다.',
  toPayLine: '아직 결제가 확인되지 않았습니다.',
  sentLine:
    '결제가 전송되었습니다. 네트워크에 표시되기를 기다리고 있으며, 보통 1~2분 정도 걸립니다.',
  confirmingLine:
    '네트워크에서 결제를 확인하고 있습니다. 보통 몇 분 정도 걸리며, 네트워크가 혼잡하면 더 오래 걸릴 수 있습니다.',
  checksAgainLine: '이 페이지는 자동으로 업데이트됩니다.',
  tellsLine: '결제하시면 이 페이지에 자동으로 표시됩니다.',
  closeLine: '이 페이지를 닫고 나중에 다시 확인하셔도 됩니다.',
  leftTitle: '아직 결제되지 않았습니다',
  leftLine:
    '결제 페이지를 나가셨고, 도착한 결제가 없습니다. 이미 결제하셨다면 잠시 후 이 페이지에 표시됩니다.',
  attemptFailedTitle: '아직 결제가 완료되지 않았습니다',
  attemptFailedLine: '마지막 결제 시도가 실패했습니다. 결제 페이지에서 다시 시도하실 수 있습니다.',
  apiAwayTitle: '지금은 결제를 확인할 수 없습니다',
  apiAwayLine:
    '결제 서비스가 현재 응답하지 않습니다. 결제에는 영향이 없습니다. 이미 결제하셨다면 다시 결제하지 마시기 바랍니다.',
  crowdedTitle: '확인에 시간이 조금 더 걸리고 있습니다',
  crowdedLine:
    '현재 많은 결제를 확인하고 있습니다. 이미 결제하셨다면 다시 결제하지 마시기 바랍니다.',

  failedTitle: '결제가 완료되지 않았습니다',
  failedLine: '이 결제는 실패했습니다. 상점으로 돌아가 다시 시도하실 수 있습니다.',
  expiredTitle: '결제 세션이 만료되었습니다',
  expiredLine: '결제 없이 세션이 종료되었습니다. 상점으로 돌아가 다시 시작하실 수 있습니다.',
  paidAnywayLine: '그래도 결제하셨다면 상점에 문의해 주세요.',
  unknownTitle: '결제를 찾을 수 없습니다',
  unknownLine: '이 링크에 해당하는 결제가 없습니다. 결제하셨다면 상점에 문의해 주세요.',
  invalidTitle: '링크가 올바르지 않습니다',
  invalidLine:
    '링크에 결제 정보가 없습니다. 결제 페이지의 링크를 사용하시거나 상점에 문의해 주세요.',

  toCheckout: '결제 페이지로 이동',
  checkoutFailedTitle: '결제 페이지를 열 수 없습니다',
  checkoutFailedLine: '결제된 금액이 없습니다. 상점에 문의해 주세요.',
  checkoutAwayLine: '결제된 금액이 없습니다. 상점으로 돌아가 잠시 후 다시 시도해 주세요.',
  noOrderLine:
    '이 주문을 찾을 수 없으며 결제된 금액이 없습니다. 상점으로 돌아가 다시 시도해 주세요.',

  backToShop: '{shop} 상점으로 돌아가기',
  contactShop: '{shop}에 문의하기',
  tryAgain: '다시 시도',
  returnToCheckout: '결제 페이지로 돌아가기',
  checkAgain: '다시 확인',
  manageSubscription: '구독 관리',
  managePayment: '결제 관리',
  printReceipt: '영수증 인쇄',
  seeOnExplorer: '블록 탐색기에서 보기',
  copy: '복사',
  copied: '복사됨',
  copyReference: '주문 번호 복사',
  copyPaymentId: '결제 ID 복사',
  copySubscriptionId: '구독 ID 복사',
  copyTransaction: '트랜잭션 해시 복사',

  receipt: '영수증',
  orderReference: '주문 번호',
  paymentId: '결제 ID',
  subscriptionId: '구독 ID',
  date: '날짜',
  paidWith: '결제 통화',
  network: '네트워크',
  transaction: '트랜잭션',
  price: '가격',
  trialEnds: '체험 기간 종료',
  nextBill: '다음 결제',
  testPayment: '테스트 결제: 실제 돈이 아닙니다',

  progress: '진행 상황',
  stepToPay: '결제 대기 중',
  stepOpened: '결제 페이지 열림',
  stepSent: '결제 전송됨',
  stepConfirming: '확인 중',
  stepPaid: '결제 완료',
  stepSubscribed: '구독 완료',

  iconPaid: '결제 완료',
  iconWaiting: '대기 중',
  iconAttention: '주의',
  iconFailed: '실패',
  iconExpired: '만료됨',
  iconUnknown: '찾을 수 없음',

  pageTitle: '{title} – {shop}',
  usd: '{amount}',
  dateInUtc: '{date}(UTC)',
  priceEvery: '{period} {price}',
  trialUntil: '{date}까지 무료 체험',
  trialLasts: '무료 체험: {duration}',

  everySeconds: { 1: '매초', other: '{count}초마다' },
  everyMinutes: { 1: '매분', other: '{count}분마다' },
  everyHours: { 1: '매시간', other: '{count}시간마다' },
  everyDays: { 1: '매일', other: '{count}일마다' },
  everyWeeks: { 1: '매주', other: '{count}주마다' },
  everyMonths: { 1: '매월', other: '{count}개월마다' },
  everyYears: { 1: '매년', other: '{count}년마다' },
};
