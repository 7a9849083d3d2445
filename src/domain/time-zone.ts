/** Days and times in an operation's time zone. */

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether the text names a time zone of the IANA database (or `UTC`). */
export function isTimeZone(text: string): boolean {
  try {
    return formatterFor(text) !== undefined;
  } catch {
    return false;
  }
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** `YYYY-MM-DD HH:MM:SS` in the time zone. */
export function formatLocalTime(timeZone: string, at: number): string {
  return formatterFor(timeZone).format(at);
}

export interface LocalDay {
  /** `YYYY-MM-DD` */
  day: string;
  /** The first millisecond of the next day. */
  endsAt: number;
}

const days = new Map<string, LocalDay & { startsAt: number }>();

/** The day in the time zone at an instant, and when it ends (found by bisection: days have 23 to 25 hours). */
export function localDay(timeZone: string, at: number): LocalDay {
  const known = days.get(timeZone);
  if (known !== undefined && at >= known.startsAt && at < known.endsAt) return known;
  const dayOf = (instant: number): string => formatLocalTime(timeZone, instant).slice(0, 10);
  const day = dayOf(at);
  let inside = at;
  let outside = at + 26 * 3_600_000;
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (dayOf(middle) === day) inside = middle;
    else outside = middle;
  }
  const found = { day, startsAt: at, endsAt: outside };
  days.set(timeZone, found);
  return found;
}
