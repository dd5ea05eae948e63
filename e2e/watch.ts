import type { BrowserContext } from '@playwright/test';

/** Everything that must not happen in a browser unnoticed: errors, refused resources, requests to anybody else. */
export class Watch {
  readonly #origin: string;
  readonly #found: string[] = [];
  readonly #expected: RegExp[] = [];

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Follows all pages of a context, those that come later too. */
  follow(context: BrowserContext): void {
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== this.#origin) {
        this.#found.push(`request to ${url.origin}`);
      }
    });
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // Whoever leaves a page gives up what it was loading.
      if (reason !== 'net::ERR_ABORTED') this.#found.push(`${reason} ${request.method()} ${request.url()}`);
    });
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.#found.push(`console: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.#found.push(`thrown: ${error.error().message}`));
  }

  /** Says that what matches is what the test is about. */
  expect(...patterns: readonly RegExp[]): void {
    this.#expected.push(...patterns);
  }

  unexpected(): readonly string[] {
    return this.#found.filter((line) => !this.#expected.some((pattern) => pattern.test(line)));
  }
}
