import { ClewError, InputError, rememberEndpoint } from "@clew/core";

/** Services that a URL names, each with the schemes that it may have. */
const WEB = /^https?:\/\//;
const MAIL = /^smtps?:\/\//;
/**
 * A place is the URL itself, or the name of an environment variable that holds it where deliveries are made: then the case never holds
 * it.
 */
const PLACE = /^(webhook|slack|discord|teams|matrix|telegram|mail):(?:([a-z]+:\/\/\S+)|\$([A-Za-z_][A-Za-z0-9_]{0,100}))$/;
/** One mailbox, bare: nothing that could begin another header or name another recipient. */
const MAILBOX = /^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}$/;
const TELEGRAM_PATH = /\/bot[^/]+\/sendMessage$/;

/** Where an alert goes: the service, and its URL with what is secret in it. */
export interface Place {
	readonly service: string;
	readonly url: URL;
	readonly secrets: readonly string[];
}

/** What a service's URL must say; the URL where it does. */
function urlFor(service: string, text: string): URL | undefined {
	if (!(service === "mail" ? MAIL : WEB).test(text) || !URL.canParse(text)) return undefined;
	const url = new URL(text);
	const has = (name: string) => (url.searchParams.get(name) ?? "") !== "";
	const mailbox = (name: string) => MAILBOX.test(url.searchParams.get(name) ?? "");
	if (url.hostname === "") return undefined;
	if (service === "matrix" && !(has("room") && has("token"))) return undefined;
	if (service === "telegram" && !(has("chat_id") && TELEGRAM_PATH.test(url.pathname))) return undefined;
	return service === "mail" && !(mailbox("from") && mailbox("to")) ? undefined : url;
}

/**
 * Checks a place as `--notify` takes it: `SERVICE:URL` or `SERVICE:$VARIABLE` with one of the services webhook, slack, discord, teams,
 * matrix, telegram and mail, `exec:PROGRAM ARGUMENTS`, `stdout`. Throws InputError (USAGE).
 */
export function parseChannel(text: string): string {
	if (text === "stdout" || /^exec:\S/.test(text)) return text;
	const [, service = "", url, variable] = PLACE.exec(text) ?? [];
	if (variable !== undefined || (url !== undefined && urlFor(service, url) !== undefined)) return text;
	throw new InputError("a place to notify is none", {
		code: "USAGE",
		hint: [
			"webhook:, slack:, discord: or teams:https://...",
			"matrix:https://HOST/?room=ROOM&token=TOKEN",
			"telegram:https://api.telegram.org/botTOKEN/sendMessage?chat_id=CHAT",
			"mail:smtps://USER:PASSWORD@HOST:465/?from=ADDRESS&to=ADDRESS",
			"each also as $VARIABLE in place of the URL (read where alerts are sent)",
			"exec:/path/to/program ..., or stdout",
		].join("; "),
	});
}

/** True for a place that is kept in the case with a secret in it. */
export function holdsSecret(channel: string): boolean {
	return secretsOf(channel).length > 0;
}

/** A place without what may be secret in it: a URL without user, path and query, a program without its arguments. */
export function showChannel(channel: string): string {
	if (channel.startsWith("exec:")) return channel.replace(/\s[\s\S]*/, " …");
	const [, service = "", url = ""] = /^([a-z]+):([a-z]+:\/\/[\s\S]*)$/.exec(channel) ?? [];
	return url === "" ? channel : shownUrl(service, url);
}

/** Every word of a path may be what makes a place secret; a case from elsewhere may hold what is no URL. */
export function shownUrl(service: string, text: string | URL): string {
	if (!URL.canParse(String(text))) return `${service}:/…`;
	const { protocol, host } = new URL(text);
	return `${service}:${protocol}//${host}/…`;
}

/** The place that a channel names. Throws ClewError (NOTIFY_FAILED) for a variable that is not set, or holds no such URL. */
export function placeOf(channel: string): Place {
	const [, service = "", text, variable = ""] = PLACE.exec(channel) ?? [];
	const url = urlFor(service, text ?? process.env[variable] ?? "");
	if (url === undefined)
		throw new ClewError("NOTIFY_FAILED", `${showChannel(channel)}: the environment holds no such URL`, { retryable: true });
	return { service, url, secrets: secretsOf(channel) };
}

/** What of a place nobody is shown, wherever it turns up. */
export function secretsOf(channel: string): readonly string[] {
	if (channel.startsWith("exec:")) return channel.split(/\s+/).slice(1);
	const [, , url, variable = ""] = PLACE.exec(channel) ?? [];
	const found = url ?? process.env[variable];
	return found === undefined ? [] : rememberEndpoint(found).secrets;
}
