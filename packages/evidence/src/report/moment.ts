import { InputError, quote } from "@clew/core";

/** A time zone by its name (IANA, such as Europe/Berlin). Throws InputError (USAGE) for another text. */
export function parseZone(name: string): string {
	try {
		if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) throw new RangeError(name);
		return new Intl.DateTimeFormat("en-GB", { timeZone: name }).resolvedOptions().timeZone;
	} catch {
		throw new InputError(`${quote(name)} is no time zone`, {
			code: "USAGE",
			hint: "Name one as Europe/Berlin, America/New_York or Asia/Seoul.",
		});
	}
}

/** A UTC time as `2018-11-09T02:14:05Z` in words of numbers: date, time and `UTC`. */
export function utcWords(iso: string): string {
	return iso.replace("T", " ").replace(/Z$/, " UTC");
}

/** The same moment on a clock of that zone, with its distance from UTC: `2018-11-09 11:14:05 GMT+9`; undefined for what is no time. */
export function localWords(iso: string, zone: string): string | undefined {
	const millis = Date.parse(iso);
	if (Number.isNaN(millis)) return undefined;
	const parts = new Intl.DateTimeFormat("en-GB", {
		timeZone: zone,
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
		hour: "2-digit",
		minute: "2-digit",
		second: "2-digit",
		hourCycle: "h23",
		timeZoneName: "shortOffset",
	}).formatToParts(millis);
	const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
	return `${of("year").padStart(4, "0")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}:${of("second")} ${of("timeZoneName")}`;
}
