import type errors from './en.errors.json';
import type messages from './en.json';

declare module 'next-intl' {
  interface AppConfig {
    Locale: 'en';
    Messages: typeof messages & { errors: typeof errors };
  }
}
