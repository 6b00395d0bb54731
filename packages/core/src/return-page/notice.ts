import { escapeHtml } from '../escape-html.js';
import { contentSecurityPolicy, renderDocument, type LookAgain } from './html.js';
import { type Icon, iconHtml } from './icons.js';
import { backLink, pageFooter, pageHeader } from './page.js';
import type { PageDefaults } from './return-options.js';
import { pageStyle } from './style.js';
import type { TextName } from './words/catalogue.js';
import type { Language } from './words/language.js';

/** A page that says one thing. */
export interface Notice {
  readonly icon: Icon;
  readonly title: Exclude<TextName & `${string}Title`, 'pageTitle'>;
  readonly line: TextName & `${string}Line`;
}

/** A page as an answer needs it. */
export interface RenderedPage {
  readonly body: string;
  /** The policy that lets this page's style and picture in. */
  readonly policy: string;
}

/** Makes the pages of a shop that are no return page: in its brand, without script. */
export interface NoticePages {
  /** What happened, one sentence, and the way back. */
  say(notice: Notice, language: Language): RenderedPage;
  /** Goes on to a place by itself, and by a link that names its host. */
  goOn(link: string, language: Language): RenderedPage;
}

/** The pages of a shop with this brand. */
export function createNoticePages({ brand }: Pick<PageDefaults, 'brand'>): NoticePages {
  const style = pageStyle(brand?.accent);
  const policy = contentSecurityPolicy({ style, logo: brand?.logo });

  function page(text: string, main: string, language: Language, refresh?: LookAgain): RenderedPage {
    const title =
      brand === undefined ? text : language.say('pageTitle', { title: text, shop: brand.name });
    const body = renderDocument({
      title,
      main,
      before: pageHeader({ brand }),
      after: pageFooter({ brand, language }),
      language,
      style,
      icon: brand?.logo,
      refresh,
    });
    return { body, policy };
  }

  return {
    say({ icon, title, line }, language) {
      const text = language.say(title);
      const main = `${iconHtml(icon, language)}
<h1>${escapeHtml(text)}</h1>
<div data-part="news"><p>${escapeHtml(language.say(line))}</p></div>
<div data-part="actions">${backLink(brand, language)}</div>`;
      return page(text, main, language);
    },
    goOn(link, language) {
      const text = language.say('toCheckout');
      const host = escapeHtml(new URL(link).host);
      const main = `<h1><a href="${escapeHtml(link)}">${escapeHtml(text)}</a></h1>
<div data-part="news"><p><bdi dir="ltr">${host}</bdi></p></div>`;
      return page(text, main, language, { afterSeconds: 0, to: link });
    },
  };
}
