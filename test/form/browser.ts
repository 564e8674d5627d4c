import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { FIELDS } from '../../src/config/fields';

export const ROOT = join(__dirname, '../..');
const TEMPLATE = readFileSync(join(ROOT, 'templates/task.html'), 'utf8');
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Texts = Record<string, string>;

/** Debian's Chromium, with a profile of its own that goes when it does. */
export function launch(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args: QUIET });
}

/** The form in GoCD's page; `troubles` holds all that the page complained of, AngularJS's exceptions with it. */
export class Form {
  private constructor(
    readonly page: Page,
    readonly troubles: string[],
    readonly name: number,
  ) {}

  static async open(browser: Browser, stored: Texts = {}, disabled = false): Promise<Form> {
    const page = await browser.newPage({ viewport: { width: 690, height: 900 }, deviceScaleFactor: 2 });
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
    });
    await page.setContent(readFileSync(join(__dirname, 'gocd-page.html'), 'utf8'));
    await page.addScriptTag({ path: join(ROOT, 'node_modules/angular/lib/angular.min.js') });
    await page.addScriptTag({ path: join(__dirname, 'gocd-page.js') });
    const form = new Form(page, troubles, 0);
    await form.another(stored, disabled);
    return form;
  }

  /** One more form on the same page: a task and its on-cancel task. */
  async another(stored: Texts, disabled = false): Promise<Form> {
    const name = await this.call<number>('open', {
      template: TEMPLATE,
      keys: FIELDS.map(({ key }) => key),
      stored,
      disabled,
    });
    return new Form(this.page, this.troubles, name);
  }

  private get view() {
    return this.page.locator('.plugin-view').nth(this.name);
  }

  input(label: string) {
    return this.view.getByLabel(label, { exact: true });
  }

  group(title: string) {
    return this.view.getByRole('button', { name: title });
  }

  error(label: string) {
    return this.view
      .locator('.gocd-ecr-field', { has: this.page.getByLabel(label, { exact: true }) })
      .locator('.gocd-ecr-error');
  }

  texts(selector: string): Promise<string[]> {
    return this.view.locator(selector).locator('visible=true').allInnerTexts();
  }

  model(): Promise<Texts> {
    return this.call('model', this.name);
  }

  refuse(errors: Texts): Promise<void> {
    return this.call('refuse', this.name, errors);
  }

  redraw(): Promise<void> {
    return this.call('redraw', this.name);
  }

  private call<T>(what: string, ...given: unknown[]): Promise<T> {
    return this.page.evaluate(`gocd.${what}(...${JSON.stringify(given)})`);
  }
}
