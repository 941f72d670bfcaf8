const WRITTEN = /^(\d{4}(?:-\d\d-|\/\d\d\/)\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/;

/**
 * Unix seconds of a written time such as `2018-11-09 05:20:00` or `2018/11/09 05:20:00`, with or without `T`, zone (`Z`, `UTC`, `+02:00`)
 * and fraction, which is cut off; undefined for anything else. A time without a zone is UTC, as block times are, whatever the machine's
 * zone is.
 */
export function writtenTime(text: string): number | undefined {
	const match = WRITTEN.exec(text);
	if (match === null) return undefined;
	const [, written = "", clock = "", zone = "Z"] = match;
	const date = written.replaceAll("/", "-");
	const seconds = Date.parse(`${date}T${clock}Z`) / 1000;
	// A day that no calendar has, such as 30 February, is another day when written again.
	if (Number.isNaN(seconds) || new Date(seconds * 1000).toISOString() !== `${date}T${clock}.000Z`) return undefined;
	const offset = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
	if (offset === null) return seconds;
	const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
	return seconds - (offset[1] === "-" ? -minutes : minutes) * 60;
}
