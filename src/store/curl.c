#include "store/curl.h"

#include <pthread.h>

static void start(void)
{
	curl_global_init(CURL_GLOBAL_ALL);
}

static void start_once(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start);
}

CURL *curl_new(void)
{
	start_once();
	return curl_easy_init();
}

CURLM *curl_multi_new(void)
{
	start_once();
	return curl_multi_init();
}

void curl_set_usual(CURL *c, const char *protocols, const char *ca_file, long wait_ms)
{
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, wait_ms);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, wait_ms / 2);
	if (ca_file)
		curl_easy_setopt(c, CURLOPT_CAINFO, ca_file);
}

bool curl_says(CURLcode rc, const char *host, struct err *e)
{
	switch (rc) {
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return fail(e, E_INPUT, "Cette adresse ne peut pas être comprise.");
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		fail(e, E_REMOTE, "Le nom %s est inconnu.", host);
		return hint(e, "Vérifiez le nom et le DNS de cette machine.");
	case CURLE_COULDNT_CONNECT:
		fail(e, E_REMOTE, "%s refuse la connexion ou n’est pas joignable.", host);
		return hint(e, "Vérifiez l’adresse, le port et le pare-feu.");
	case CURLE_OPERATION_TIMEDOUT:
		return fail(e, E_REMOTE, "%s n’a pas répondu à temps.", host);
	case CURLE_PEER_FAILED_VERIFICATION:
		fail(e, E_REMOTE, "Le certificat de %s n’est pas bon.", host);
		return hint(e, "Nom, date ou autorité : rien n’a été envoyé.");
	case CURLE_SSL_CACERT_BADFILE:
		return fail(e, E_REMOTE, "Le fichier des autorités de certification ne peut pas "
			    "être lu.");
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_USE_SSL_FAILED:
		return fail(e, E_REMOTE, "La connexion chiffrée avec %s a échoué.", host);
	case CURLE_LOGIN_DENIED:
		fail(e, E_REMOTE, "%s refuse l’identifiant ou le mot de passe.", host);
		return hint(e, "Vérifiez les réglages du compte.");
	default:
		return fail(e, E_REMOTE, "L’échange avec %s a échoué (%s).", host,
			    curl_easy_strerror(rc));
	}
}
