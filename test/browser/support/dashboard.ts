import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '@plantroom/model';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Pictures of the pages; git does not see them. */
const screenshots = join(import.meta.dirname, '..', '..', 'screenshots');

/** Debian's Chromium; as root (in a container) it has no sandbox of its own. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** A fresh browser profile on a desk; whatever goes wrong in the page is collected in `errors`. */
export async function openPage(browser: Browser, language: Language): Promise<{ page: Page; errors: string[] }> {
  const locale = { en: 'en-GB', zh: 'zh-CN' }[language];
  const context = await browser.newContext({ locale, viewport: { width: 1440, height: 1000 }, colorScheme: 'light' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  return { page, errors };
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: false });
}

/** The words of the dashboard that the test looks for, as a person reads them. */
export const words = {
  en: {
    building: 'Harbour Tower',
    language: 'English',
    acknowledge: 'Acknowledge',
    acknowledged: 'acknowledged',
    shelve: 'Shelve',
    unshelve: 'End the shelving',
    actions: ['Accept', 'Start', 'Resolve', 'Close'],
    closed: 'Closed',
    pages: ['Overview', 'Equipment', 'Alarms', 'Work orders', 'Energy', 'Gateways', 'Completeness'],
  },
  zh: {
    building: '海港大厦',
    language: '中文',
    acknowledge: '确认',
    acknowledged: '已确认',
    shelve: '搁置',
    unshelve: '取消搁置',
    actions: ['接单', '开始处理', '处理完成', '关闭'],
    closed: '已关闭',
    pages: ['总览', '设备', '报警', '工单', '能耗', '网关', '数据完整率'],
  },
} as const satisfies Record<Language, unknown>;
