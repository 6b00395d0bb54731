import { qbitflow } from '../../lib/qbitflow.mjs';

// What is sold, and for how much, is decided here and never by the request.
export async function POST() {
  const tea = { productName: 'Tea', price: 4.5, reference: 'order-1001' };
  const { link } = await qbitflow().checkout.createPayment(tea);
  return Response.json({ link }, { status: 201 });
}
