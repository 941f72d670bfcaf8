/** Where people of a country report a crime of this kind. */
export interface HelpDesk {
	/** In its own language. */
	readonly name: string;
	/** Web address or phone number. */
	readonly where: string;
	/** The office's own page, or a government's or police's, that names it as the place to report. */
	readonly source: string;
	/** The day on which a stored copy of that page was read, YYYY-MM-DD. */
	readonly read: string;
}

const READ = "2026-11-30";
const desk = (name: string, where: string, source: string): HelpDesk => ({ name, where, source, read: READ });

/**
 * Offices by country (ISO 3166-1 alpha-2). Made by looking, country by country, for a page of the office itself, of its government or of its
 * police that names it as the place where a private person reports online fraud or cybercrime; what such a page was not found for is left
 * out, as are lines that only give advice. Stored copies were read, not the pages of the day: an address may have moved. Where a copy had
 * lost its links (DE, FI, FR, GR, IE, US), the page gives the name, and the address is the office's site as other copies give it. Which
 * crimes an office takes and how is told by its page alone; the police is told of beside it.
 */
export const HELP_DESKS: Readonly<Record<string, readonly HelpDesk[]>> = {
	AT: [
		desk(
			"Bundeskriminalamt, Meldestellen",
			"https://www.bundeskriminalamt.at/602/start.aspx",
			"https://www.bundeskriminalamt.at/602/start.aspx",
		),
	],
	AU: [desk("ReportCyber", "https://www.cyber.gov.au", "https://www.cyber.gov.au/acsc/report")],
	BE: [
		desk(
			"Meldpunt van de FOD Economie",
			"https://meldpunt.belgie.be",
			"https://www.belgium.be/nl/nieuws/2016/meldpunt_voor_misleiding_fraude_en_oplichting",
		),
	],
	CA: [
		desk(
			"Canadian Anti-Fraud Centre / Centre antifraude du Canada",
			"1 888 495 8501",
			"https://www.competitionbureau.gc.ca/eic/site/cb-bc.nsf/eng/04339.html",
		),
	],
	CH: [
		desk(
			"Bundesamt für Cybersicherheit (BACS)",
			"https://www.report.ncsc.admin.ch",
			"https://ncsc.admin.ch/ncsc/en/home/meldepflicht/faq.html",
		),
	],
	DE: [desk("Onlinewache der Polizei", "https://portal.onlinewache.polizei.de", "https://www.polizei.bremerhaven.de/online-wache.html")],
	EE: [
		desk(
			"Keskkriminaalpolitsei küberkuritegude büroo",
			"https://cyber.politsei.ee",
			"https://www.ria.ee/et/uudised/keskkriminaalpolitsei-avas-kuberkuritegude-info-ja-teadete-edastamise-veebilehe.html",
		),
	],
	FI: [desk("Poliisi, sähköinen rikosilmoitus", "https://poliisi.fi", "https://poliisi.fi/nettivinkki")],
	FR: [
		desk(
			"THESEE, plainte en ligne (« arnaque sur internet »)",
			"https://www.service-public.fr",
			"https://www.loiret.gouv.fr/Actualites/Thesee-la-plainte-en-ligne-pour-les-victimes-d-e-escroqueries",
		),
	],
	GB: [
		desk(
			"Report Fraud (England, Wales, Northern Ireland)",
			"https://www.reportfraud.police.uk",
			"https://www.metengage.co.uk/Alerts/A/367666/",
		),
	],
	GR: [
		desk(
			"Διεύθυνση Δίωξης Ηλεκτρονικού Εγκλήματος",
			"https://www.gov.gr",
			"https://mitos.gov.gr/index.php/%CE%94%CE%94:%CE%9A%CE%B1%CF%84%CE%B1%CE%B3%CE%B3%CE%B5%CE%BB%CE%AF%CE%B1_%CE%B3%CE%B9%CE%B1_%CE%B5%CE%B3%CE%BA%CE%BB%CE%AE%CE%BC%CE%B1%CF%84%CE%B1_%CE%BA%CF%85%CE%B2%CE%B5%CF%81%CE%BD%CE%BF%CF%87%CF%8E%CF%81%CE%BF%CF%85",
		),
	],
	IE: [
		desk(
			"An Garda Síochána",
			"https://www.garda.ie",
			"https://gov.ie/en/department-of-public-expenditure-ndp-delivery-and-reform/publications/alert-on-scam-phone-calls-and-text-messages",
		),
	],
	IN: [
		desk(
			"National Cybercrime Reporting Portal",
			"https://cybercrime.gov.in",
			"https://factcheck.kerala.gov.in/180/-are-you-a-victim-of-online-scams---call-1930.html",
		),
		desk(
			"National Cybercrime Reporting Portal, helpline",
			"1930",
			"https://factcheck.kerala.gov.in/180/-are-you-a-victim-of-online-scams---call-1930.html",
		),
	],
	IS: [desk("Lögreglan", "https://island.is/tilkynna-netglaep", "https://island.is/tilkynna-netglaep")],
	JP: [
		desk(
			"警察庁 サイバー事案に関する通報等のオンライン受付窓口",
			"https://www.npa.go.jp/bureau/cyber/soudan.html",
			"https://www.pref.fukui.jp/kenkei/doc/kenkei/soudan-soudan.html",
		),
	],
	KE: [desk("National Cyber Incident Reporting Hub", "https://nc4.go.ke/report/", "https://nc4.go.ke/report/")],
	LU: [desk("Police Lëtzebuerg", "https://police.public.lu", "https://police.public.lu/fr/aide-victimes/arnaques.html")],
	MT: [desk("Korp tal-Pulizija ta’ Malta, Cyber Crime Unit", "+356 2294 2231", "https://gemma.gov.mt/smishing-scam/")],
	NL: [
		desk(
			"Politie",
			"https://www.politie.nl",
			"https://www.politie.nl/nieuws/2023/november/1/de-grote-impact-van-digitale-criminaliteit.html",
		),
	],
	NO: [desk("Politiet", "https://www.politiet.no", "https://www.politiet.no/rad/okonomisk-kriminalitet/nettsvindel/")],
	NZ: [
		desk(
			"Own Your Online (National Cyber Security Centre)",
			"https://www.ownyouronline.govt.nz",
			"https://ownyouronline.govt.nz/personal/get-help-now",
		),
	],
	SE: [desk("Polisen", "114 14", "https://polisen.se/Skane/Utsatt-for-brott/Olika-typer-av-brott/Bedrageri/")],
	SG: [
		desk(
			"Singapore Police Force",
			"https://eservices1.police.gov.sg/phub/eservices/landingpage/police-report",
			"https://scamshield.gov.sg/scamshield-helpline",
		),
	],
	UA: [desk("Кіберполіція", "https://cyberpolice.gov.ua/declare/", "https://cyberpolice.gov.ua/declare/")],
	US: [
		desk(
			"Internet Crime Complaint Center (IC3)",
			"https://www.ic3.gov",
			"https://www.in.gov/isp/crime-reporting/report-an-internet-crime/",
		),
	],
};

/** The offices of a country; none where none is known here. */
export function helpDesksOf(country: string | undefined): readonly HelpDesk[] {
	return country === undefined ? [] : (HELP_DESKS[country.toUpperCase()] ?? []);
}
