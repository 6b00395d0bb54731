import { Body, Controller, Post } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { QBitFlowModule } from '../src/index.js';
import { platforms } from './support/platforms.js';
import { deliver, openKit, serve } from './support/shop.js';

@Controller()
class Echo {
  @Post('echo')
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

const settings = [{}, { rawBody: true }, { bodyParser: false }] as const;

describe.each(platforms)('on %s', (name, makeApp) => {
  test.each(settings)(
    'deliveries are taken in whatever Nest is told of bodies: %o',
    async (options) => {
      const imports = [QBitFlowModule.forRoot({ qbitflow: openKit() })];
      const root = { module: class Root {}, imports, controllers: [Echo] };
      const { app, listen } = await makeApp(root, options);
      app.setGlobalPrefix('api');
      const url = await serve(await listen());
      expect(await deliver(`${url}/qbitflow/webhook`)).toBe(200);
      const isParsed = name === 'Fastify' || !('bodyParser' in options);
      const headers = { 'content-type': 'application/json' };
      const echo = await fetch(`${url}/api/echo`, { method: 'POST', headers, body: '{"tea":1}' });
      expect(await echo.text()).toBe(isParsed ? '{"tea":1}' : '');
      await app.close();
    },
  );
});
