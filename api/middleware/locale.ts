import type { Middleware } from 'koa';
import type { Locale } from '../problem.ts';

/** The language of what people read in an answer: Chinese unless the caller prefers English. */
export function locale(): Middleware {
  return async function localeMiddleware(ctx, next) {
    const chosen: Locale = ctx.acceptsLanguages('zh-CN', 'zh', 'en') === 'en' ? 'en' : 'zh';
    ctx.state['locale'] = chosen;
    ctx.set('Content-Language', chosen === 'zh' ? 'zh-CN' : 'en');
    ctx.vary('Accept-Language');
    await next();
  };
}
