import { InputError } from "./errors.js";
import { quote } from "./hostile-text.js";

const MAX_HOST = 253;
const HOST = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/;

/** The subject of a site: its host name in lower-case ASCII, without `www.`, path or port. Throws InputError. */
export function domainSubject(text: string, where: string): string {
	const host = hostOf(text.trim());
	if (host === undefined || !HOST.test(host)) throw new InputError(`${quote(text)} is not a host name`, { where });
	return `domain:${host}`;
}

function hostOf(text: string): string | undefined {
	if (text.length > MAX_HOST * 2) return undefined;
	try {
		return new URL(text.includes("://") ? text : `http://${text}`).hostname.replace(/^www\./, "").replace(/\.$/, "");
	} catch {
		return undefined;
	}
}
