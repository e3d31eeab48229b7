#include "store/passerelle.h"

#include "crypto/sceau.h"
#include "store/retour_pairs.h"
#include "test.h"

enum { NOW = 1795514400 };              /* 2026-11-24T10:00:00Z */

struct essai {
	struct arena a;
	struct passerelle *p;
	struct err e;
};

static void begin(struct essai *w, const char *name)
{
	*w = (struct essai){ .a = arena_new(8 << 20) };
	accepts(passerelle_open(&w->a, name, &w->p, &w->e), &w->e);
}

static void begin_text(struct essai *w, const char *json)
{
	*w = (struct essai){ .a = arena_new(8 << 20) };
	accepts(passerelle_read(&w->a, "ma.json", json, strlen(json), &w->p, &w->e), &w->e);
}

static void end(struct essai *w)
{
	passerelle_close(&w->p);
	arena_free(&w->a);
}

static struct http_ask asked(struct essai *w, const char *text, const char *const *settings)
{
	struct passerelle_valeurs v = { .reglages = settings, .to = "+33612345678", .text = text,
		.sender = "Aide 93", .id = "id-1", .jeton = "j0", .retour = "https://aide.exemple.fr",
		.now = (int64_t)NOW * 1000 };
	struct http_ask k;

	accepts(passerelle_ask(w->p, &v, &w->a, &k, &w->e), &w->e);
	return k;
}

static const char *field(const struct http_ask *k, const char *name)
{
	for (size_t i = 0; i < k->nfields; i++) {
		if (!strcmp(k->fields[i].name, name))
			return k->fields[i].value;
	}
	return NULL;
}

/* --- sending ---------------------------------------------------------------------------- */

TEST("every gateway that comes with the program reads, and says where its rules come from")
{
	size_t n = 0;

	for (; passerelle_name(n); n++) {
		char name[40];
		struct essai w;

		snprintf(name, sizeof name, "%.*s", (int)(strlen(passerelle_name(n)) - 5),
			 passerelle_name(n));
		begin(&w, name);
		holds(*passerelle_source(w.p));
		end(&w);
	}
	equals(n, 6);
}

TEST("a value is escaped by the place where it stands")
{
	static const char json[] = "{\"nom\":\"x\",\"reglages\":[{\"nom\":\"base\"},{\"nom\":\"qui\"}],"
		"\"envoi\":{\"methode\":\"POST\",\"adresse\":\"${base}/u/${qui}/sms\","
		"\"requete\":{\"q&\":\"${text}\"},\"entetes\":{\"X-A\":\"a ${qui}\"},"
		"\"json\":{\"t\":\"${text}\",\"n\":1,\"l\":[\"${to}\",true,null]}},"
		"\"succes\":[{\"statut\":\"200\"}],\"definitif\":[]}";
	static const char *const settings[] = { "https://a.fr", "a/b?c" };
	struct essai w;
	struct http_ask k;

	begin_text(&w, json);
	k = asked(&w, "\"é\" & <b>\n", settings);
	same(k.url, "https://a.fr/u/a%2Fb%3Fc/sms?q%26=%22%C3%A9%22%20%26%20%3Cb%3E%0A");
	same(k.body, "{\"t\":\"\\\"é\\\" & <b>\\n\",\"n\":1,\"l\":[\"+33612345678\",true,null]}");
	same(field(&k, "X-A"), "a a/b?c");
	same(field(&k, "Content-Type"), "application/json");
	end(&w);
}

TEST("a setting with a line break cannot add a field to the request")
{
	static const char *const settings[] = { "http://127.0.0.1:1", "u", "p\r\nX-B: c" };
	static const char json[] = "{\"nom\":\"x\",\"reglages\":[{\"nom\":\"a\"},{\"nom\":\"b\"},"
		"{\"nom\":\"c\"}],\"envoi\":{\"methode\":\"GET\",\"adresse\":\"${a}\","
		"\"entetes\":{\"X-A\":\"${c}\"}},\"succes\":[{\"statut\":\"200\"}],\"definitif\":[]}";
	struct http_answer answer;
	struct http_ask k;
	struct essai w;

	begin_text(&w, json);
	k = asked(&w, "x", settings);
	refuses(E_INPUT, httpc_do(&k, &w.a, &answer, &w.e), &w.e);
	end(&w);
}

TEST("OVH's signature is the one of its own example")
{
	/* What OVH publishes: "$1$" + SHA1(AS+CK+METHOD+QUERY+BODY+TSTAMP), joined by "+" */
	static const char *const settings[] = { "sms-ab12345-1", "AK", "AS", "CK",
		"https://eu.api.ovh.com/1.0" };
	char right[SCEAU_TEXT + 3] = "$1$";
	struct essai w;
	struct http_ask k;
	const char *said;

	begin(&w, "ovh-rest");
	k = asked(&w, "Été", settings);
	said = arena_printf(&w.a, "AS+CK+POST+https://eu.api.ovh.com/1.0/sms/sms-ab12345-1/jobs+%s+%d",
			    k.body, NOW);
	sceau_make(SCEAU_SHA1, "", 0, said, strlen(said), false, right + 3);
	same(field(&k, "X-Ovh-Signature"), right);
	same(field(&k, "X-Ovh-Timestamp"), "1795514400");
	holds(strstr(k.body, "\"coding\":\"7bit\""));
	k = asked(&w, "ê", settings);
	holds(strstr(k.body, "\"coding\":\"8bit\""));
	end(&w);
}

TEST("a value by alphabet keeps its type, and an empty sender is left out")
{
	static const char *const settings[] = { "cle", "https://api.brevo.com/v3/transactionalSMS/send" };
	struct essai w;
	struct http_ask k;
	struct passerelle_valeurs v = { .reglages = settings, .to = "+33612345678", .text = "ê",
		.sender = "", .id = "i", .jeton = "j", .retour = "", .now = 0 };

	begin(&w, "brevo");
	accepts(passerelle_ask(w.p, &v, &w.a, &k, &w.e), &w.e);
	same(k.body, "{\"type\":\"transactional\",\"recipient\":\"33612345678\",\"content\":\"ê\","
	     "\"unicodeEnabled\":true,\"tag\":\"i\"}");
	end(&w);
}

TEST("Twilio is given its account and token as RFC 7617 wants them")
{
	static const char *const settings[] = { "Aladdin", "open sesame", "https://api.twilio.com/2010-04-01" };
	struct essai w;
	struct http_ask k;

	begin(&w, "twilio");
	k = asked(&w, "x", settings);
	same(field(&k, "Authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");       /* its example */
	end(&w);
}

TEST("a description that cannot work is refused at its line")
{
	static const struct { const char *json, *words; } bad[] = {
		{ "{}", "nom" }, { "[]", "objet" }, { "{\"nom\":\"x\"", "JSON" },
		{ "{\"nom\":\"x\",\n\"reglages\":[],\n\"envoi\":{\"methode\":\"GET\",\"adresse\":\"${rien}\"},"
		  "\"succes\":[{\"statut\":\"200\"}],\"definitif\":[]}", "ma.json:3:" },
		{ "{\"nom\":\"x\",\"reglages\":[{\"nom\":\"to\"}]}", "déjà pris" },
		{ "{\"nom\":\"x\",\"reglages\":[],\"envoi\":{\"methode\":\"PUT\",\"adresse\":\"a\"}}", "GET ou POST" },
		{ "{\"nom\":\"x\",\"reglages\":[],\"envoi\":{\"methode\":\"GET\",\"adresse\":\"a\","
		  "\"formulaire\":{\"a\":\"b\"}},\"succes\":[{\"statut\":\"200\"}],\"definitif\":[]}", "POST" },
		{ "{\"nom\":\"x\",\"reglages\":[],\"envoi\":{\"methode\":\"GET\",\"adresse\":\"a${\"},"
		  "\"succes\":[{\"statut\":\"200\"}],\"definitif\":[]}", "sans" },
		{ "{\"nom\":\"x\",\"reglages\":[],\"envoi\":{\"methode\":\"GET\",\"adresse\":\"a\"},"
		  "\"succes\":[],\"definitif\":[]}", "parti" },
		{ "{\"nom\":\"x\",\"reglages\":[],\"envoi\":{\"methode\":\"GET\",\"adresse\":\"a\"},"
		  "\"succes\":[{\"statut\":\"abc\"}],\"definitif\":[]}", "200-299" },
		{ "{\"nom\":\"x\",\"reglages\":[],\"envoi\":{\"methode\":\"GET\",\"adresse\":\"a\"},"
		  "\"succes\":[{\"statut\":\"200\"}],\"definitif\":[],\"accuse\":{\"preuve\":\"rien\","
		  "\"statut\":\"s\"}}", "signature" },
		{ "{\"nom\":\"x\",\"reglages\":[],\"envoi\":{\"methode\":\"GET\",\"adresse\":\"a\"},"
		  "\"succes\":[{\"statut\":\"200\"}],\"definitif\":[],\"autre\":1}", "n’existe pas ici" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena a = arena_new(1 << 20);
		struct passerelle *p;
		struct err e = { 0 };

		refuses(E_INPUT, passerelle_read(&a, "ma.json", bad[i].json, strlen(bad[i].json), &p, &e), &e);
		if (!strstr(e.msg, bad[i].words))
			fail_msg("%zu: %s", i, e.msg);
		arena_free(&a);
	}
}

/* --- answers of gateways ------------------------------------------------------------------ */

static struct passerelle_verdict judged(struct essai *w, int status, const char *body)
{
	struct http_answer answer = { .status = status, .body = body, .size = strlen(body), .type = "" };
	struct passerelle_verdict v;

	passerelle_judge(w->p, &answer, &w->a, &v);
	return v;
}

TEST("an answer means taken, never, or later; and gives the gateway's own name of the message")
{
	static const struct { const char *gateway; int status; const char *body; enum passerelle_dit dit;
		const char *id; } cases[] = {
		{ "kannel", 202, "0: Accepted for delivery", PASSERELLE_PREND, NULL },
		{ "kannel", 202, "3: Queued for later delivery", PASSERELLE_PREND, NULL },
		{ "kannel", 403, "Authorization failed for sendsms", PASSERELLE_PANNE, NULL },
		{ "kannel", 503, "Temporal failure, try again later.", PASSERELLE_PANNE, NULL },
		{ "ovh-rest", 200, "{\"totalCreditsRemoved\":1,\"invalidReceivers\":[],\"ids\":[102874921],"
		  "\"validReceivers\":[\"+33612345678\"]}", PASSERELLE_PREND, "102874921" },
		{ "ovh-rest", 200, "{\"totalCreditsRemoved\":0,\"invalidReceivers\":[\"+33612345678\"],"
		  "\"ids\":[],\"validReceivers\":[]}", PASSERELLE_REFUSE, NULL },
		{ "ovh-rest", 403, "{\"message\":\"Invalid signature\"}", PASSERELLE_PANNE, NULL },
		{ "ovh-http2sms", 200, "OK\n85.95\n123456789\n", PASSERELLE_PREND, "123456789" },
		{ "ovh-http2sms", 200, "KO\nInvalid password\n", PASSERELLE_PANNE, NULL },
		{ "brevo", 201, "{\"messageId\":1511882900176220}", PASSERELLE_PREND, "1511882900176220" },
		{ "brevo", 402, "{\"code\":\"not_enough_credits\"}", PASSERELLE_PANNE, NULL },
		{ "allmysms", 200, "{\"status\":100,\"smsIds\":[{\"phoneNumber\":\"33612345678\",\"smsId\":\"ab-1\"}]}",
		  PASSERELLE_PREND, "ab-1" },
		{ "allmysms", 200, "{\"status\":-3,\"statusText\":\"x\"}", PASSERELLE_PANNE, NULL },
		{ "twilio", 201, "{\"sid\":\"SM12\",\"status\":\"queued\"}", PASSERELLE_PREND, "SM12" },
		{ "twilio", 400, "{\"code\":21211}", PASSERELLE_REFUSE, NULL },
		{ "twilio", 400, "{\"code\":21606}", PASSERELLE_PANNE, NULL },
		{ "twilio", 201, "not json", PASSERELLE_PANNE, NULL },
		{ "twilio", 201, "{\"sid\":\"a b\\n\"}", PASSERELLE_PREND, NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct essai w;
		struct passerelle_verdict v;

		begin(&w, cases[i].gateway);
		v = judged(&w, cases[i].status, cases[i].body);
		if (v.dit != cases[i].dit || !v.id_distant != !cases[i].id)
			fail_msg("%s: %s", cases[i].gateway, cases[i].body);
		if (cases[i].id)
			same(v.id_distant, cases[i].id);
		end(&w);
	}
}

/* --- what comes back ---------------------------------------------------------------------- */

struct fields {
	const char *name, *value;
};

static const char *header_of(const struct retour_appel *k, const char *name)
{
	const struct fields *f = k->at;

	return f && !strcmp(f->name, name) ? f->value : NULL;
}

static struct retour_appel call(struct essai *w, const char *query, const char *body)
{
	struct retour_pair *q, *f;
	struct retour_appel k = { .methode = *body ? "POST" : "GET",
		.adresse = "https://aide.exemple.fr/envois/retour/reponse", .corps = body,
		.taille = strlen(body), .entete = header_of, .secret = "s3cret", .now = (int64_t)NOW * 1000 };

	accepts(retour_pairs(&w->a, query, strlen(query), &q, &k.nquery, &w->e), &w->e);
	k.json = *body == '{';
	accepts(retour_pairs(&w->a, body, k.json ? 0 : strlen(body), &f, &k.nform, &w->e), &w->e);
	k.query = q;
	k.form = f;
	return k;
}

TEST("Kannel's receipt carries our token, and says what became of the message")
{
	struct retour_accuse r;
	struct retour_appel k;
	struct essai w;

	begin(&w, "kannel");
	k = call(&w, "id=m1&jeton=abc&statut=1&le=1795514390", "");
	accepts(passerelle_accuse(w.p, &k, &w.a, &r, &w.e), &w.e);
	same(r.id, "m1");
	same(r.jeton, "abc");
	equals(r.sort, RETOUR_REMIS);
	holds(!r.prouve);
	k = call(&w, "id=m1&jeton=abc&statut=16", "");
	accepts(passerelle_accuse(w.p, &k, &w.a, &r, &w.e), &w.e);
	equals(r.sort, RETOUR_ECHEC);
	k = call(&w, "id=m1&jeton=abc&statut=99", "");
	refuses(E_INPUT, passerelle_accuse(w.p, &k, &w.a, &r, &w.e), &w.e);
	k = call(&w, "id=m1&statut=1", "");
	refuses(E_DENIED, passerelle_accuse(w.p, &k, &w.a, &r, &w.e), &w.e);
	k = call(&w, "jeton=abc&statut=1", "");
	refuses(E_INPUT, passerelle_accuse(w.p, &k, &w.a, &r, &w.e), &w.e);
	end(&w);
}

TEST("a call from the future, or three days late, is refused")
{
	static const struct { int ahead; bool good; } cases[] = { { 299, true }, { 300, true }, { 301, false },
		{ 86400, false }, { -3 * 86400, true }, { -3 * 86400 - 1, false } };
	struct retour_reponse r;
	struct essai w;

	begin(&w, "kannel");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *query = arena_printf(&w.a, "secret=s3cret&de=%%2B33612345678&texte=oui&le=%d",
						 NOW + cases[i].ahead);
		struct retour_appel k = call(&w, query, "");

		if (cases[i].good)
			accepts(passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
		else
			refuses(E_DENIED, passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	}
	end(&w);
}

TEST("an answer without the secret, with another, or where none is set, is refused")
{
	static const char *const bad[] = { "de=1&texte=oui", "secret=&de=1&texte=oui",
		"secret=s3cre&de=1&texte=oui", "secret=s3crett&de=1&texte=oui", "Secret=s3cret&de=1&texte=oui" };
	struct retour_reponse r;
	struct retour_appel k;
	struct essai w;

	begin(&w, "kannel");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		k = call(&w, bad[i], "");
		refuses(E_DENIED, passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	}
	k = call(&w, "secret=&de=%2B33612345678&texte=oui", "");
	k.secret = "";
	refuses(E_DENIED, passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	k = call(&w, "secret=s3cret&de=%2B33612345678&texte=Oui%0Amerci&id=7", "");
	accepts(passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	same(r.texte, "Oui\nmerci");
	same(r.de, "+33612345678");
	same(r.id_distant, "7");
	end(&w);
}

TEST("Twilio's signature is the one of its own published example, and a changed call has another")
{
	/* The example of Twilio's client libraries: URL, parameters, token "12345" */
	static const char body[] = "Digits=1234&To=%2B18005551212&From=%2B14158675310&Caller=%2B14158675310"
		"&CallSid=CA1234567890ABCDE&Body=oui&MessageSid=SM1";
	struct fields head = { "x-twilio-signature", NULL };
	char right[SCEAU_TEXT];
	struct retour_reponse r;
	struct retour_appel k;
	struct essai w;
	/* the published pair: without the two fields that an SMS adds */
	static const char published[] = "https://mycompany.com/myapp.php?foo=1&bar=2CallSidCA1234567890ABCDE"
		"Caller+14158675310Digits1234From+14158675310To+18005551212";

	sceau_make(SCEAU_HMAC_SHA1, "12345", 5, published, sizeof published - 1, true, right);
	same(right, "GvWf1cFY/Q7PnoempGyD5oXAezc=");
	begin(&w, "twilio");
	k = call(&w, "", body);
	k.secret = "12345";
	k.adresse = "https://mycompany.com/myapp.php?foo=1&bar=2";
	k.at = &head;
	{
		static const char said[] = "https://mycompany.com/myapp.php?foo=1&bar=2BodyouiCallSid"
			"CA1234567890ABCDECaller+14158675310Digits1234From+14158675310MessageSidSM1To+18005551212";

		sceau_make(SCEAU_HMAC_SHA1, "12345", 5, said, sizeof said - 1, true, right);
	}
	head.value = right;
	accepts(passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	same(r.de, "+14158675310");
	same(r.texte, "oui");
	k.adresse = "https://mycompany.com/myapp.php?foo=1&bar=3";
	refuses(E_DENIED, passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	head.value = "";
	refuses(E_DENIED, passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	k.at = NULL;
	refuses(E_DENIED, passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	end(&w);
}

TEST("a receipt in JSON is read where the description says")
{
	struct retour_accuse r;
	struct retour_appel k;
	struct essai w;

	begin(&w, "brevo");
	k = call(&w, "id=m1&jeton=abc", "{\"msg_status\":\"hard_bounce\",\"ts_event\":1795514400,"
		 "\"description\":\"Numéro inconnu\"}");
	accepts(passerelle_accuse(w.p, &k, &w.a, &r, &w.e), &w.e);
	equals(r.sort, RETOUR_ECHEC);
	same(r.motif, "Non remis : Numéro inconnu");
	k = call(&w, "id=m1&jeton=abc", "{\"msg_status\":");
	refuses(E_INPUT, passerelle_accuse(w.p, &k, &w.a, &r, &w.e), &w.e);
	end(&w);
}

TEST("a signed time is held to the minute, the body that was signed to the byte")
{
	static const char json[] = "{\"nom\":\"x\",\"reglages\":[],\"envoi\":{\"methode\":\"GET\",\"adresse\":\"a\"},"
		"\"succes\":[{\"statut\":\"200\"}],\"definitif\":[],\"reponse\":{\"preuve\":\"signature\","
		"\"entete\":\"x-signature\",\"fonction\":\"hmac-sha256\",\"codage\":\"hex\","
		"\"signe\":\"${corps}\",\"de\":\"/de\",\"texte\":\"/texte\",\"le\":\"/le\"}}";
	static const char body[] = "{\"de\":\"+33612345678\",\"texte\":\"oui\",\"le\":\"2026-11-24T10:00:00Z\"}";
	struct fields head = { "x-signature", NULL };
	char right[SCEAU_TEXT];
	struct retour_reponse r;
	struct retour_appel k;
	struct essai w;

	begin_text(&w, json);
	sceau_make(SCEAU_HMAC_SHA256, "s3cret", 6, body, sizeof body - 1, false, right);
	head.value = right;
	k = call(&w, "", body);
	k.at = &head;
	accepts(passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	k.now += 4 * 86400 * 1000LL;
	refuses(E_DENIED, passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	k.now -= 5 * 86400 * 1000LL;
	refuses(E_DENIED, passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	k = call(&w, "", "{\"de\":\"+33612345678\",\"texte\":\"non\",\"le\":\"2026-11-24T10:00:00Z\"}");
	k.at = &head;
	refuses(E_DENIED, passerelle_reponse(w.p, &k, &w.a, &r, &w.e), &w.e);
	end(&w);
}

TEST("pairs of a call are decoded as they are; a broken one is refused")
{
	static const char *const bad[] = { "a=%", "a=%4", "a=%zz", "a=%00", "%=1" };
	struct arena a = arena_new(1 << 20);
	struct retour_pair *p;
	struct err e;
	size_t n;

	accepts(retour_pairs(&a, "a=1+2&b=%0A%C3%A9&&c&=d&e=f%3Dg=h", 33, &p, &n, &e), &e);
	equals(n, 5);
	same(p[0].value, "1 2");
	same(p[1].value, "\né");
	same(p[2].name, "c");
	same(p[2].value, "");
	same(p[3].name, "");
	same(p[4].value, "f=g=h");
	accepts(retour_pairs(&a, "t=d%E9j%E0", 10, &p, &n, &e), &e);
	same(p[0].value, "déjà");                       /* ISO 8859-1 */
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		refuses(E_INPUT, retour_pairs(&a, bad[i], strlen(bad[i]), &p, &n, &e), &e);
	arena_free(&a);
}
