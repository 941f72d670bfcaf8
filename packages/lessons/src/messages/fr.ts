import type { Messages } from "./en.js";

/** French, polite form. */
export const fr: Messages = {
	language: "Français",
	draft: "Ceci est un brouillon fait par une machine ; aucune personne de langue française ne l’a encore relu ; le texte anglais fait foi.",
	guide: {
		now: "Faites ceci maintenant",
		today: "Faites ceci aujourd’hui",
		later: "Dans les prochains jours",
		say: "Que dire",
		never: "Ne faites jamais ceci",
		money: "Ce que sait ce dossier",
		help: "Qui peut aider",
		next: "Votre prochaine date",
		trap: "Attention à un second vol",
		upTo: "jusqu’à {amount}",
		taken: "Pris : {amount}.",
		stop: "{amount} se trouve chez {who}. Ils peuvent le bloquer. Écrivez-leur aujourd’hui : {channel}.",
		issuer: "{amount} est dans une monnaie que {who} peut geler. Écrivez-leur aujourd’hui : {channel}.",
		others: "Leur propre page dit aux personnes comme vous : {text}",
		noChannel: "aucun moyen de les joindre n’est connu ici ; cherchez sur leur propre site",
		records: "{amount} est allé chez {who}. La police peut leur demander qui l’a reçu.",
		held: "{amount} se trouve à une adresse que personne ici ne peut bloquer. Il peut partir à tout moment.",
		unread: "Où {amount} se trouve à présent, personne ne l’a encore regardé.",
		frozen: "Gelé par l’émetteur de la monnaie : {amount}.",
		frozenUnknown: "Personne n’a encore demandé si une partie est gelée.",
		asOf: "Ceci vient du bloc {height} de {chain} ({time}). Les mouvements plus récents n’y sont pas.",
		noCase: "Cette page a été faite sans dossier. Avec un dossier, elle dit ce qui est parti, et qui peut le bloquer.",
		deadline: "{date} : {what}.",
		dueWrite: "écrivez à tous ceux qui peuvent bloquer l’argent ; il peut partir à tout instant",
		dueAsk: "demandez à chacun ce qu’il a fait, et notez la réponse",
		desk: "Signalez-le à {name} : {where}.",
		police: "Portez plainte à la police là où vous habitez. Demandez un papier avec un numéro. Beaucoup d’entreprises veulent ce numéro.",
		trapText: [
			"Bientôt, des gens vous écriront peut-être et diront qu’ils peuvent récupérer votre argent. Ils demandent des frais, ou vos mots secrets. Ce sont aussi des voleurs.",
			"Personne ne peut annuler un paiement. Pas contre des frais. Pas par un piratage. La vraie police ne demande pas de frais.",
			"Les entreprises et la police ne viendront pas vous trouver dans une messagerie. Si quelqu’un vous écrit ainsi, arrêtez là. Appelez-les à un numéro que vous cherchez vous-même.",
		],
		topics: {
			stolen: {
				title: "Mon argent a été volé",
				first: "Restez calme. Vous pouvez encore faire beaucoup. Les premières heures comptent le plus.",
				now: [
					"N’envoyez plus d’argent. Même pas un petit essai.",
					"Reste-t-il de l’argent dans le même portefeuille ? Créez un nouveau portefeuille sur un appareil sain. Mettez-y ce qui reste.",
					"Notez l’heure, le montant et le long code de chaque paiement. Prenez des photos des conversations et des pages.",
					"N’effacez rien. Ne réinitialisez pas encore votre téléphone ni votre ordinateur.",
				],
				today: [
					"Allez à la police. Apportez vos notes. Demandez le numéro de la plainte.",
					"Écrivez maintenant à chaque entreprise qui peut bloquer l’argent. N’attendez pas la police. Donnez-leur le code du paiement. Envoyez le numéro de la plainte dès que vous l’avez.",
					"Changez le mot de passe de votre messagerie et de chaque plateforme d’échange que vous utilisez. Activez la seconde étape à la connexion.",
				],
				later: [
					"Gardez toutes les lettres et réponses au même endroit.",
					"Parlez-en à une personne de confiance. Vous n’avez pas à faire cela sans aide.",
				],
				say: [
					"Dites ce qui s’est passé, quand, et de quelle adresse à quelle adresse.",
					"Dites : cet argent m’a été volé. Merci de le retenir et de garder vos données. La police a ma plainte.",
					"Si vous ne savez pas quelque chose, dites que vous ne le savez pas.",
				],
				never: [
					"Ne donnez jamais vos mots secrets ni votre clé à qui que ce soit. Personne n’en a besoin pour vous aider.",
					"Ne payez jamais pour récupérer de l’argent.",
					"N’écrivez jamais au voleur avec des menaces, et ne lui dites jamais ce que vous savez.",
				],
			},
			drained: {
				title: "Un site a pris mes cryptos",
				first: "Vous avez signé quelque chose, et des cryptos sont parties. Le site peut peut-être encore en prendre.",
				now: [
					"Fermez le site. N’y signez plus rien.",
					"Cherchez comment il les a prises. Avez-vous tapé vos mots secrets ? Alors tout ce qui est dans ce portefeuille est en danger. Avez-vous seulement signé ? Alors les cryptos que vous avez autorisées sont en danger.",
					"Vous avez tapé les mots : créez un nouveau portefeuille sur un appareil sain, et mettez-y tout ce qui reste.",
					"Vous avez seulement signé : si vous pouvez, mettez ces cryptos à une autre adresse à vous. C’est le plus rapide. Ensuite mettez l’autorisation à zéro, depuis votre portefeuille ou sur un site dont vous tapez le nom vous-même. Les deux coûtent de petits frais.",
					"L’argent qui entre ressort aussitôt ? Alors votre compte entier est en danger, comme s’ils avaient les mots.",
				],
				today: [
					"Cherchez d’autres autorisations que vous avez données, et retirez toutes celles dont vous n’avez pas besoin.",
					"Allez à la police, et écrivez aux entreprises qui peuvent bloquer l’argent.",
					"Signalez le site à ceux qui font votre portefeuille, pour que d’autres soient avertis.",
				],
				later: [
					"Utilisez un portefeuille pour tous les jours, avec peu dedans. Gardez votre épargne dans un autre, qui ne signe jamais sur des sites.",
				],
				say: [
					"Dites quel site c’était, ce que vous avez signé, et quand.",
					"Dites : j’ai donné cette autorisation parce qu’on m’a tendu un piège. Je n’ai jamais voulu donner mes cryptos.",
				],
				never: [
					"Ne signez jamais une seconde fois pour récupérer les cryptos. Aucune signature ne rend des cryptos.",
					"N’envoyez jamais de cryptos vers un portefeuille dont un voleur a les mots, ou dont tout ressort aussitôt, même pas pour des frais. Elles partent aussitôt.",
					"Ne donnez jamais vos mots secrets à quelqu’un qui dit vous aider.",
				],
			},
			poisoned: {
				title: "J’ai payé la mauvaise adresse, une qui avait l’air pareille",
				first:
					"Quelqu’un a mis une fausse adresse dans votre liste de paiements. Elle ressemblait à une adresse que vous connaissez. Vous l’avez copiée.",
				now: [
					"Ne payez pas une nouvelle fois pour réparer l’erreur. Arrêtez-vous et regardez.",
					"Comparez chaque lettre de la bonne adresse avec celle que vous avez payée. Notez les deux.",
					"Notez le code et l’heure du paiement.",
				],
				today: [
					"Allez à la police. Dites que la fausse adresse a été faite pour vous tromper.",
					"Écrivez à chaque entreprise qui peut bloquer l’argent.",
					"Enregistrez la bonne adresse dans le carnet d’adresses de votre portefeuille. À partir de maintenant, payez depuis ce carnet.",
				],
				later: [
					"Ne copiez plus jamais une adresse depuis votre liste de paiements.",
					"Pour de grosses sommes : envoyez d’abord un peu, et demandez à l’autre par téléphone si c’est arrivé.",
				],
				say: [
					"Dites : cette adresse a été faite pour ressembler à une adresse que je paie. On m’a tendu un piège avec elle.",
					"Montrez les deux adresses, l’une sous l’autre.",
				],
				never: [
					"Ne vous fiez jamais à une adresse d’après ses premières et dernières lettres.",
					"Ne payez jamais une nouvelle fois la fausse adresse, même pas pour redemander l’argent.",
				],
			},
			permission: {
				title: "Quelqu’un peut déplacer mes cryptos",
				first:
					"Une adresse a votre autorisation de prendre des cryptos, ou votre compte laisse un programme agir pour lui. On peut y mettre fin.",
				now: [
					"Cherchez ce que vous avez donné : une autorisation pour une crypto, une pour toutes, ou votre compte entier.",
					"Est-elle pour des cryptos ? Mettez d’abord ces cryptos à une autre adresse à vous, si vous pouvez. Ensuite retirez-la depuis votre propre portefeuille. La mettre à zéro coûte de petits frais.",
					"Est-ce votre compte entier (un signe : l’argent qui entre ressort aussitôt) ? Mettez ce que vous pouvez dans un nouveau portefeuille. N’envoyez plus rien à celui-ci.",
				],
				today: [
					"Vérifiez chaque chaîne où vous utilisez cette adresse. Chacune a sa propre liste.",
					"Si vous utilisez Tron, regardez qui peut signer pour votre compte. Si ce n’est pas vous seul, et si vous pouvez encore signer, remettez-le comme avant. Si vous ne pouvez pas, le compte est perdu : prenez-en un nouveau.",
				],
				later: [
					"Donnez une autorisation pour le montant dont vous avez besoin, jamais pour tout.",
					"Relisez vos autorisations une fois par mois.",
				],
				say: ["Si des cryptos ont été prises : dites quelle autorisation c’était et comment vous en êtes venu à la donner."],
				never: [
					"Ne signez jamais ce que vous ne pouvez pas lire. Si votre portefeuille ne montre que du code, dites non.",
					"Ne retirez jamais une autorisation sur une page que quelqu’un vous a envoyée. Tapez le nom vous-même.",
				],
			},
			"recovery-scam": {
				title: "Quelqu’un dit pouvoir récupérer mon argent",
				first: "C’est très probablement un piège. Des gens déjà volés sont volés de nouveau de cette façon.",
				now: [
					"N’envoyez rien. Ne signez rien. Ne donnez ni papiers ni codes.",
					"Arrêtez la conversation. Vous ne leur devez aucune réponse.",
					"Ont-ils pu voir ou commander votre écran ? Coupez l’appareil du réseau, et changez vos mots de passe depuis un autre.",
					"Avez-vous payé par carte ou depuis un compte en banque ? Appelez votre banque maintenant, au numéro de votre carte.",
				],
				today: [
					"Les avez-vous payés ? C’est un second vol. Signalez-le comme tel.",
					"Gardez leurs messages, noms, numéros et adresses pour la police.",
					"Prévenez votre famille, pour que personne ne paie à votre place.",
				],
				later: ["D’autres peuvent appeler. Votre nom est peut-être sur une liste que des voleurs vendent. Dites non à chacun."],
				say: ["Dites : je ne paie personne pour récupérer de l’argent. Puis raccrochez."],
				never: [
					"Ne payez jamais de frais, de taxe ou de dépôt pour retirer de l’argent.",
					"Ne croyez jamais un papier, un insigne ou un solde sur une page. Tout cela est facile à falsifier.",
					"N’engagez jamais quelqu’un qui est venu vous trouver.",
				],
			},
			impersonation: {
				title: "Quelqu’un s’est fait passer pour une personne de confiance",
				first:
					"Quelqu’un a dit être votre banque, la police, une plateforme d’échange, un chef ou une personne de votre famille. C’était faux.",
				now: [
					"Raccrochez, ou fermez la conversation.",
					"Appelez la vraie personne ou entreprise à un numéro que vous cherchez vous-même. N’utilisez pas le numéro de l’appel que vous avez reçu.",
					"Avez-vous donné un code ou un mot de passe ? Changez-le maintenant. Dites à l’entreprise de bloquer le compte.",
					"Avez-vous payé par carte ou depuis un compte en banque ? Appelez votre banque maintenant, au numéro de votre carte.",
				],
				today: [
					"Avez-vous envoyé de l’argent ? Allez à la police, et écrivez à chaque entreprise qui peut le bloquer.",
					"Prévenez la personne ou l’entreprise dont on a pris le nom. D’autres seront appelés aussi.",
				],
				later: ["Convenez d’un mot secret avec votre famille. Demandez-le quand un appel parle d’argent."],
				say: [
					"Dites pour qui ils se sont fait passer, sur quel numéro ou compte, et ce qu’ils ont demandé.",
					"Dites : je l’ai envoyé parce qu’ils m’ont tendu un piège.",
				],
				never: [
					"Ne déplacez jamais de cryptos vers une adresse « sûre ». Aucune banque et aucune police n’en a une.",
					"Ne lisez jamais un code à quelqu’un qui vous appelle.",
					"Ne vous pressez jamais parce qu’une voix le dit. Les vrais vous laissent rappeler.",
				],
			},
		},
	},
	drill: {
		intro: "{count} messages. La moitié sont sans danger. Pour chacun : est-ce un piège (t), ou sans danger (f) ?",
		ask: "Piège (t) ou sans danger (f) ? [t/f]",
		right: "Juste.",
		missed: "Manqué : c’est un piège.",
		alarm: "Fausse alerte : celui-ci est sans danger.",
		why: "Pourquoi : {why}",
		score: "Vous avez trouvé {hits} pièges sur {traps}, et pris {alarms} messages sans danger sur {benign} pour un piège.",
		next: "Prochaine fois : {date}. L’exercice s’oublie : refaites-le après 1, 7 et 30 jours.",
		due: "À faire : {channel} (dernière fois le {date}).",
		notDue: "Rien à faire. Prochain : {channel}, {date}.",
		never: "Aucun exercice n’a encore été fait.",
		channels: { wallet: "portefeuille", chat: "messagerie", mail: "e-mail", phone: "téléphone", site: "page web" },
		wallet: {
			payHistory: "Vos derniers paiements sont allés à {known}. Maintenant, votre portefeuille demande :",
			pay: "Envoyer {amount} à {address} ?",
			approve: "Une page demande : laisser {address} dépenser {what} de vos {token} ?",
			all: "TOUT",
			traps: {
				lookalike:
					"l’adresse n’est pas celle que vous avez payée : {known} et {address} ne sont pareilles qu’aux deux bouts. Quelqu’un l’a faite pour qu’on la copie.",
				unlimited:
					"elle peut prendre tout ce que vous avez de cette monnaie, maintenant et plus tard, et personne n’a jamais utilisé cette adresse. Rien de ce que vous achetez n’a besoin de cela.",
				permit:
					"cette signature ne coûte pas de frais, et laisse {address} prendre tous vos {token}. Un cadeau n’a jamais besoin de votre autorisation de prendre.",
				delegate:
					"ceci laisse un programme agir pour votre compte entier. Une page qui le demande peut prendre tout ce que vous avez, maintenant et plus tard.",
				allNfts:
					"ceci laisse {address} prendre chaque image de cette collection que vous avez. Pour en recevoir une, personne n’a besoin de cela.",
				signer: "ceci laisse la clé {address} signer pour votre compte. Avec elle, quelqu’un peut vous en fermer l’accès.",
			},
			fine: {
				same: "c’est, lettre par lettre, l’adresse que vous avez payée avant.",
				exact: "elle ne peut prendre que le montant que vous payez maintenant, et vous avez déjà utilisé ce contrat.",
				login: "c’est un texte de connexion, il nomme la page où vous êtes, et il ne déplace rien.",
				revoke: "cela met une autorisation à zéro : cela retire une autorisation, et n’en donne aucune.",
				test: "un petit montant d’abord, à une adresse qu’un ami vous a lue au téléphone, c’est la façon sûre.",
				own: "les deux adresses sont à vous : c’est, lettre par lettre, celle de votre carnet d’adresses.",
			},
			scenes: {
				permit:
					"Une page dit : « Vous avez gagné {amount} {token}. Signez pour les recevoir. » Votre portefeuille montre : Permit, qui peut dépenser {address}, valeur TOUT, sans frais.",
				delegate:
					"Une page dit : « Passez à un compte intelligent, gratuitement. » Votre portefeuille montre : laisser {address} agir pour votre compte.",
				allNfts: "Une page dit : « Recevez votre image gratuite. » Votre portefeuille montre : setApprovalForAll, {address}, true.",
				signer:
					"Une page dit : « Rendez votre compte sûr. » Votre portefeuille montre : changer qui peut signer ; nouvelle clé {address}, poids 1 sur 1.",
				exact:
					"Vous échangez {amount} {token} là où vous le faites toujours. Votre portefeuille montre : laisser {address} dépenser {amount} {token}. Vous l’avez utilisé {times} fois.",
				login:
					"Vous ouvrez votre page habituelle par son favori. Votre portefeuille montre un texte : « Se connecter à desk.example. Numéro {number}. » Il ne déplace rien.",
				revoke: "Vous ouvrez votre liste d’autorisations. Votre portefeuille montre : laisser {address} dépenser 0 {token}.",
				test: "Un ami vous a lu une adresse au téléphone. Vous avez comparé chaque lettre. Maintenant : envoyer 1 {token} à {address}, pour essayer.",
				own: "Vous mettez de l’épargne dans votre second portefeuille. Votre carnet d’adresses a {address}. Votre portefeuille montre : envoyer {amount} à {address}.",
			},
		},
		chat: {
			traps: [
				[
					"Le « support » vous écrit : « Votre portefeuille a une erreur. Tapez ici vos 12 mots, et nous la réparerons. »",
					"personne n’a besoin de vos mots secrets pour vous aider. Qui les a, a vos cryptos.",
				],
				[
					"Quelqu’un que vous avez rencontré en ligne il y a trois semaines vous montre de gros gains : « Commencez avec {amount} sur cette nouvelle page. Je vous aiderai. »",
					"un inconnu qui est gentil pendant des semaines puis montre une page pour investir est un piège connu. Les gains ne sont pas réels.",
				],
				[
					"Le chef d’un groupe écrit : « Envoyez {amount} à {address}. Vous recevez le double dans une heure. »",
					"personne ne rend le double. C’est ainsi qu’un voleur prend vos cryptos en une seule étape.",
				],
				[
					"« Travail facile : vous recevez {amount} dans votre portefeuille, gardez 5 pour cent, et envoyez le reste à {address}. »",
					"l’argent est volé, et vous le blanchiriez pour le voleur. La police viendra chez vous.",
				],
			],
			fine: [
				[
					"Un ami écrit : « Voici mon adresse : {address}. Appelez-moi avant de payer, et je vous la lis. »",
					"l’ami veut que vous vérifiiez par téléphone, à un numéro que vous connaissez. C’est la façon sûre.",
				],
				[
					"Le canal de votre plateforme d’échange publie pour tous : « Nous ne vous écrivons jamais les premiers. Si quelqu’un le fait, signalez-le. »",
					"cela ne demande rien, et il n’y a aucun lien à suivre.",
				],
				[
					"Quelqu’un au travail écrit : « La facture de mai est payée. Le long code est {hash}. Vous pouvez le consulter. »",
					"cela ne demande rien. Le code d’un paiement est visible par tous.",
				],
				[
					"Le service d’aide répond à la demande que vous avez faite dans l’application : « Nous avons regardé. Votre paiement attend encore 3 blocs. Vous n’avez rien à faire. »",
					"vous avez demandé en premier, dans l’application, et ils ne demandent rien.",
				],
			],
		},
		mail: {
			traps: [
				[
					"De : desk-support@safe-desk.example. « Votre compte sera fermé aujourd’hui. Connectez-vous ici : safe-desk.example/login » (Votre plateforme d’échange est desk.example.)",
					"cela vous presse, et le nom n’est pas celui de votre plateforme. Tapez vous-même le vrai nom.",
				],
				[
					"Un vendeur que vous connaissez écrit : « Nous avons une nouvelle adresse. Merci de payer la facture de {amount} à {address}. »",
					"une nouvelle adresse par e-mail, c’est ainsi qu’on vole des factures. Appelez le vendeur au numéro que vous aviez avant.",
				],
				[
					"« Bureau de sauvetage des fonds : nous avons trouvé vos {amount} volés. Payez des frais de {fee}, et nous les envoyons. »",
					"qui demande des frais pour rendre de l’argent est un second voleur.",
				],
				[
					"« Votre portefeuille matériel a besoin d’une mise à jour. Tapez vos 24 mots dans le formulaire, sinon il s’arrêtera. »",
					"les mots se tapent sur l’appareil seul, et seulement quand vous l’installez. Aucune mise à jour n’en a besoin.",
				],
			],
			fine: [
				[
					"De : no-reply@desk.example. « Vous avez retiré {amount} à {time}. Si ce n’était pas vous, ouvrez l’application. » Vous l’avez bien retiré.",
					"vous l’avez fait vous-même il y a une minute, et il n’y a pas de lien.",
				],
				[
					"Un vendeur envoie une facture de {amount}. L’adresse est {address}, la même que sur les trois dernières factures, et vous l’avez comparée.",
					"c’est l’adresse que vous avez payée avant, et vous l’avez comparée en entier.",
				],
				[
					"De votre plateforme d’échange : « Vos documents fiscaux de l’année sont là. Ouvrez l’application pour les voir. »",
					"pas de lien, pas d’urgence, pas de secret : vous ouvrez l’application vous-même.",
				],
				[
					"Une lettre à tous les lecteurs : « Comment vérifier une adresse. Pour en savoir plus, lisez nos pages d’aide. »",
					"cela ne demande ni argent, ni mots, ni connexion.",
				],
			],
		},
		phone: {
			traps: [
				[
					"« Ici votre banque. Vos cryptos sont en danger. Mettez-les à notre adresse sûre, maintenant, pendant que je reste en ligne. »",
					"aucune banque n’a d’adresse sûre pour des cryptos. L’urgence est la ruse.",
				],
				[
					"« Service de sécurité de votre plateforme d’échange. Nous avons bloqué un paiement. Lisez-moi le code que vous venez de recevoir. »",
					"le code est la clé de votre compte. Personne qui y travaille ne le demande.",
				],
				[
					"« Je vous aide avec l’erreur. Installez cette application, pour que je puisse voir votre écran. »",
					"qui voit votre écran voit vos clés, et peut cliquer à votre place.",
				],
				[
					"Une voix comme celle de votre fils : « J’ai eu un accident. Il me faut {amount} en cryptos dans l’heure. Ne le dis à personne. »",
					"une voix peut être imitée. Raccrochez, et appelez-le à son propre numéro.",
				],
			],
			fine: [
				[
					"Votre plateforme d’échange appelle à l’heure que vous avez réservée. Ils expliquent un formulaire, et ne demandent aucun code et aucun mot.",
					"vous l’avez réservé, et ils ne demandent rien de secret.",
				],
				[
					"« Ici la police. Votre dossier a le numéro {number}. Merci de rappeler par le numéro principal du commissariat. »",
					"ils vous laissent rappeler à un numéro que vous cherchez vous-même.",
				],
				[
					"Vous appelez un ami au numéro que vous avez depuis des années. Il vous lit une adresse : {address}. C’est, lettre par lettre, celle qui est arrivée par courriel.",
					"c’est vous qui avez appelé, à un numéro que vous connaissiez, et l’adresse est la même des deux côtés.",
				],
				[
					"Vous appelez votre banque au numéro qui est sur votre carte. On demande : « Ce paiement de {amount} était-il de vous ? » On ne demande aucun code.",
					"c’est vous qui avez appelé, au numéro de votre propre carte, et on ne demande rien de secret. Si on vous avait appelé, vous raccrocheriez et feriez de même.",
				],
			],
		},
		site: {
			traps: [
				[
					"Vous cherchez votre plateforme d’échange et cliquez sur la première publicité. La page est deskk.example. Elle vous demande de vous connecter.",
					"il y a une lettre de trop. Des voleurs aussi achètent des publicités. Utilisez votre favori.",
				],
				[
					"Une page fait un compte à rebours : « Recevez {amount} {token} dans 04:59. Connectez et signez. »",
					"une horloge vous presse, et la signature la laisserait prendre vos cryptos.",
				],
				[
					"« Votre portefeuille doit être validé. Choisissez votre portefeuille, puis tapez vos mots. »",
					"aucune page ne valide un portefeuille. Qui a les mots, a vos cryptos.",
				],
				[
					"Votre gain sur une page est de {amount}. « Pour le retirer, payez d’abord {fee} de taxe. »",
					"on ne paie jamais de taxe à une page pour retirer de l’argent. Le gain n’existe pas.",
				],
			],
			fine: [
				[
					"Vous ouvrez desk.example par votre favori, et vous vous connectez avec votre seconde étape, comme toujours.",
					"le bon nom, votre propre favori, et rien de nouveau n’est demandé.",
				],
				[
					"Vous consultez un paiement par son long code dans un explorateur. Il montre le paiement, et ne veut rien.",
					"regarder est sûr : aucun portefeuille n’est connecté, et rien n’est signé.",
				],
				[
					"La page d’échange que vous utilisez demande à se connecter. Votre portefeuille dit : elle verra votre adresse. Elle ne demande pas de signature.",
					"voir votre adresse n’est pas prendre. Elle est de toute façon visible par tous.",
				],
				[
					"La liste d’autorisations de votre propre portefeuille propose : « Retirer : {token} ». Elle met le montant à 0.",
					"cela retire une autorisation, et c’est dans votre propre portefeuille.",
				],
			],
		},
	},
};
