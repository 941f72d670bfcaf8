import { InputError } from "./errors.js";
import { quote } from "./hostile-text.js";

const MAX_URL = 2_048;
const HOST = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Name of an entry by which a list of sites takes one out of its own blocked domains. */
export const ALLOWED_BY_LIST = "allowed by this list";

/**
 * Where a URL or host name leads: the host in lower-case ASCII without a trailing dot, and the segments of its path as they are compared:
 * escapes undone, in small letters, since most sites show one page under all of these and a warning must not hang on a letter's case.
 */
export interface Site {
	readonly host: string;
	readonly path: readonly string[];
}

/**
 * Reads a URL or a host name as browsers do: user info, port, query and fragment dropped, international names in punycode. One that was
 * made harmless (`hxxps[:]//site[.]example`) is read as what it stands for. Throws InputError.
 */
export function parseSite(text: string, where: string): Site {
	const site = siteOf(fanged(text.trim()));
	if (site === undefined || !(HOST.test(site.host) || IPV4.test(site.host)))
		throw new InputError(`${quote(text)} is not a host name`, { where });
	return site;
}

/** Undoes the usual ways in which reports keep a link from being followed. */
function fanged(text: string): string {
	return text.replace(/^hxxp/i, "http").replace(/\[(\.|:|:\/\/)\]/g, "$1");
}

function siteOf(text: string): Site | undefined {
	// A bare number would be read as an IP address.
	if (!/[^0-9a-fx:/]/i.test(text) || text.length > MAX_URL) return undefined;
	try {
		const url = new URL(/^(https?:|[a-z][a-z0-9+.-]*:\/\/)/i.test(text) ? text : `http://${text}`);
		return { host: url.hostname.replace(/\.$/, ""), path: segmentsOf(url.pathname) };
	} catch {
		return undefined;
	}
}

/** A path's segments, decoded once, in small letters, and written again with the escapes that a URL needs. */
function segmentsOf(pathname: string): string[] {
	const plain = pathname.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
		try {
			return decodeURIComponent(run);
		} catch {
			return run;
		}
	});
	return plain
		.normalize("NFC")
		.toLowerCase()
		.split("/")
		.filter((segment) => segment !== "" && segment !== ".")
		.map((segment) => encodeURI(segment).replace(/[?#]/g, encodeURIComponent));
}

/** True for a site that is named by an IPv4 address, which lists of host names seldom hold. */
export function isIpSite({ host }: Site): boolean {
	return IPV4.test(host);
}

/** The subject of a list's entry: a site with everything below it, or the pages below a path of it. */
export function siteSubject({ host, path }: Site): string {
	return `domain:${[host, ...path].join("/")}`;
}

/**
 * Every entry of a list that would speak of a site: itself, each domain above it, and each path above the page; with `www.` for lists that
 * write it.
 */
export function subjectsAbove({ host, path }: Site): readonly string[] {
	const labels = host.split(".");
	const above = IPV4.test(host) ? [host] : labels.slice(0, -1).map((_, i) => labels.slice(i).join("."));
	const hosts = host.startsWith("www.") ? above : [...above, `www.${host}`];
	return hosts.flatMap((name) => [`domain:${name}`, ...path.map((_, i) => siteSubject({ host: name, path: path.slice(0, i + 1) }))]);
}
