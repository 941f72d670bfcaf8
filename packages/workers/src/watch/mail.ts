import { ClewError, safeCause } from "@clew/core";
import { type Place, shownUrl } from "./places.js";

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Sends one mail, as plain text. Its Message-ID comes from the delivery's id: a mail that is sent again is the same to whoever receives it.
 * Without TLS nothing leaves this machine. Throws ClewError (NOTIFY_FAILED).
 */
export async function sendMail(
	place: Place,
	subject: string,
	text: string,
	id: string,
	timeoutMs: number,
	signal: AbortSignal,
): Promise<void> {
	const { url, secrets } = place;
	const { createTransport } = await import("nodemailer");
	const secure = url.protocol === "smtps:";
	const from = url.searchParams.get("from") ?? "";
	const transport = createTransport({
		host: url.hostname.replace(/^\[|\]$/g, ""),
		port: Number(url.port) || (secure ? 465 : 587),
		secure,
		requireTLS: !secure && !LOOPBACK.test(url.hostname),
		...(url.username === "" ? {} : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
		connectionTimeout: timeoutMs,
		greetingTimeout: timeoutMs,
		socketTimeout: timeoutMs,
		disableFileAccess: true,
		disableUrlAccess: true,
	});
	const interrupted = new Promise<never>((_, reject) => {
		const end = () => reject(new Error("did not end in time"));
		if (signal.aborted) end();
		else signal.addEventListener("abort", end, { once: true });
	});
	const messageId = `<clew-${id}@${from.slice(from.lastIndexOf("@") + 1)}>`;
	const headers = { "auto-submitted": "auto-generated" };
	const mail = { from, to: url.searchParams.get("to") ?? "", subject, text, messageId, headers };
	try {
		await Promise.race([transport.sendMail(mail), interrupted]);
	} catch (error) {
		const { code = "failed", responseCode = "" } = error as { code?: string; responseCode?: number };
		throw new ClewError("NOTIFY_FAILED", `${shownUrl("mail", url)}: ${code} ${responseCode}`.trimEnd(), {
			retryable: true,
			cause: safeCause(error, secrets),
		});
	} finally {
		transport.close();
	}
}
