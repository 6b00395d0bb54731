import { Inject, Injectable, Scope, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { memoryStore, type EventContext, type EventOf, type QBitFlow } from '@qbitflow/core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { InjectQBitFlow, OnQBitFlow, QBITFLOW, QBitFlowModule } from '../src/index.js';
import { platforms } from './support/platforms.js';
import { deliver, openKit, paid, serve } from './support/shop.js';

@Injectable()
class Warehouse {
  readonly shipped: unknown[] = [];
}

@Injectable()
class Orders {
  constructor(
    @Inject(Warehouse) private readonly warehouse: Warehouse,
    @InjectQBitFlow() readonly qbitflow: QBitFlow,
  ) {}

  @OnQBitFlow('refund.completed', { name: 'back in stock' })
  @OnQBitFlow('payment.completed')
  note(event: EventOf<'payment.completed' | 'refund.completed'>, context: EventContext): void {
    this.warehouse.shipped.push([event.type, context.attempt]);
  }
}

function rootWith(qbitflow: QBitFlow, ...providers: NonNullable<DynamicModule['providers']>) {
  return { module: class Root {}, imports: [QBitFlowModule.forRoot({ qbitflow })], providers };
}

describe.each(platforms)('on %s', (_name, makeApp) => {
  test('a decorated method gets its events, once, with its own class around it', async () => {
    const alias = { provide: 'the same one', useExisting: Orders };
    const root = rootWith(openKit(), Warehouse, Orders, alias);
    const { app, listen } = await makeApp(root);
    const url = `${await serve(await listen())}/qbitflow/webhook`;
    expect([await deliver(url), await deliver(url)]).toEqual([200, 200]);
    const { shipped } = app.get(Warehouse);
    await vi.waitFor(() => expect(shipped).toEqual([['payment.completed', 1]]));
    expect(app.get(Orders).qbitflow).toBe(app.get(QBITFLOW));
    await app.close();
    expect(shipped).toHaveLength(1);
  });

  test('the kit is made with what other providers say', async () => {
    const qbitflow = openKit();
    const config = { provide: 'PATH', useValue: '/pay' };
    const settings = { module: class Settings {}, providers: [config], exports: ['PATH'] };
    const useFactory = async (path: string) => ({ qbitflow, path });
    const kit = QBitFlowModule.forRootAsync({ imports: [settings], inject: ['PATH'], useFactory });
    const { app, listen } = await makeApp({ module: class Root {}, imports: [kit] });
    expect(await deliver(`${await serve(await listen())}/pay/webhook`)).toBe(200);
    await app.close();
  });

  test('with the app the kit is closed, and live streams do not hold it', async () => {
    const qbitflow = openKit({ apiKey: 'sk_test', baseUrl: 'http://127.0.0.1:9/v2' });
    const close = vi.spyOn(qbitflow, 'close');
    const { app } = await makeApp(rootWith(qbitflow));
    await app.init();
    expect(close).not.toHaveBeenCalled();
    await app.close();
    expect(close).toHaveBeenCalledOnce();
  });

  test.each(['qbitflow', 'no/slash'])('a path that is none (%s) is refused', async (path) => {
    const module = QBitFlowModule.forRoot({ qbitflow: openKit(), path });
    const making = makeApp({ module: class Root {}, imports: [module] });
    await expect(making).rejects.toMatchObject({ code: 'misconfigured' });
  });
});

test('a class that is made for each request may have no handlers', async () => {
  @Injectable({ scope: Scope.REQUEST })
  class PerRequest {
    @OnQBitFlow('payment.completed')
    note(): void {}
  }
  await expect(start(rootWith(openKit(), PerRequest))).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('PerRequest.note has @OnQBitFlow, but its class is made for'),
  });
});

test('a method of two names is two handlers; a name that is taken is refused', async () => {
  @Injectable()
  class Twice {
    @OnQBitFlow('payment.completed', { name: 'ship' })
    ship(): void {}

    @OnQBitFlow('payment.completed', { name: 'ship' })
    shipAgain(): void {}
  }
  await expect(start(rootWith(openKit(), Twice))).rejects.toMatchObject({ code: 'misconfigured' });
});

test('without a server the module works off what others have recorded', async () => {
  const store = memoryStore();
  const receiver = openKit({ store, processing: 'elsewhere' });
  const { headers, body } = paid();
  await receiver.handleWebhook({ method: 'POST', url: '/', headers, rawBody: body });
  const worker = await start(rootWith(openKit({ store }), Warehouse, Orders));
  const { shipped } = worker.get(Warehouse);
  await vi.waitFor(() => expect(shipped).toEqual([['payment.completed', 1]]));
});

async function start(root: Type | DynamicModule) {
  const options = { logger: false, abortOnError: false } as const;
  const context = await NestFactory.createApplicationContext(root, options);
  onTestFinished(async () => context.close());
  return context;
}
