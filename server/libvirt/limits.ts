/** libvirt's own limits (VIR_NET_MESSAGE_*, REMOTE_*_MAX); both sides refuse what is larger. */

/** Bytes of a frame after its length word. */
const payload = 32 * 1024 * 1024;

/** Bytes of a whole frame, the length word included. */
export const MAX_FRAME = payload + 4;

/** Bytes of one string. */
export const MAX_STRING = 4 * 1024 * 1024;

/** Entries of one list. */
export const MAX_LIST = 16_384;

/** The daemon takes 5 at a time (`max_client_requests`) and then stops reading, keepalive included. */
export const MAX_CALLS_IN_FLIGHT = 4;

/** Events that may wait for their reader; one more, and the reader gets EVENTS_OVERFLOW. */
export const MAX_EVENTS_WAITING = 4096;
