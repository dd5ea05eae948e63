import { getRequestConfig } from 'next-intl/server';
import errors from '../messages/en.errors.json';
import messages from '../messages/en.json';

/** Which texts people read. English is the only language so far. */
export default getRequestConfig(() => ({ locale: 'en', messages: { ...messages, errors }, timeZone: 'UTC' }));
