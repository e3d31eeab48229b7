-- Sites that ask who acts for whom, and the connections under way.

-- name: federation_client_add(text id, text nom, text secret, text cles, text retours, text sorties, int strict, int pkce, int signe, text algorithme, text sel, text le) exec
INSERT INTO federation_client (id, nom, secret, cles, retours, sorties, strict, pkce, signe, algorithme, sel, cree_le)
VALUES (:id, :nom, :secret, :cles, :retours, :sorties, :strict, :pkce, :signe, :algorithme, :sel, :le);

-- name: federation_client_one(text id) maybe
SELECT id, nom, secret, secret_avant, secret_avant_fin, cles, retours, sorties, strict, pkce, signe, algorithme,
	sel, cree_le
FROM federation_client WHERE id = :id;

-- name: federation_clients() many
SELECT id, nom, secret, secret_avant, secret_avant_fin, cles, retours, sorties, strict, pkce, signe, algorithme,
	sel, cree_le
FROM federation_client ORDER BY cree_le, id;

-- name: federation_clients_any() one
SELECT COUNT(*) AS combien -- int
FROM federation_client;

-- name: federation_client_secret(text id, text secret, text fin) exec
UPDATE federation_client SET secret_avant = secret, secret_avant_fin = :fin, secret = :secret WHERE id = :id;

-- name: federation_client_sans_codes(text id) exec
DELETE FROM federation_code WHERE client_id = :id;

-- name: federation_client_sans_signes(text id) exec
DELETE FROM federation_signe WHERE client_id = :id;

-- name: federation_client_remove(text id) exec
DELETE FROM federation_client WHERE id = :id;

-- name: federation_mandats(text agent, text structure, text le) many
SELECT m.id, u.nom, u.numero, m.expire_le, a.demarche
FROM mandat m JOIN usager u ON u.id = m.usager_id JOIN autorisation a ON a.mandat_id = m.id
WHERE m.structure_id = :structure AND m.etat = 'actif' AND m.expire_le > :le AND a.arretee_le IS NULL
	AND (EXISTS (SELECT 1 FROM mandat_agent g WHERE g.mandat_id = m.id AND g.agent_id = :agent)
		OR EXISTS (SELECT 1 FROM mandat_lecture l
			WHERE l.mandat_id = m.id AND l.agent_id = :agent AND l.expire_le > :le))
ORDER BY m.signe_le DESC, m.id, a.demarche LIMIT 400;

-- name: federation_code_add(text empreinte, text client, text mandat, text demarche, text agent, text acte, text retour, text nonce, text defi, text portee, text identite, int auth_le, text expire_le) exec
INSERT INTO federation_code (empreinte, client_id, mandat_id, demarche, agent_id, acte_id, retour, nonce, defi,
	portee, identite, auth_le, expire_le)
VALUES (:empreinte, :client, :mandat, :demarche, :agent, :acte, :retour, :nonce, :defi, :portee, :identite,
	:auth_le, :expire_le);

-- name: federation_code_one(text empreinte) maybe
SELECT c.client_id, c.mandat_id, c.demarche, c.agent_id, c.acte_id, c.retour, c.nonce, c.defi, c.portee,
	c.auth_le, c.expire_le, c.utilise_le, m.usager_id
FROM federation_code c JOIN mandat m ON m.id = c.mandat_id WHERE c.empreinte = :empreinte;

-- name: federation_code_used(text empreinte, text le, text jeton, text jeton_expire_le) exec
UPDATE federation_code SET utilise_le = :le, jeton = :jeton, jeton_expire_le = :jeton_expire_le
WHERE empreinte = :empreinte;

-- name: federation_code_break(text empreinte, text le) exec
UPDATE federation_code SET utilise_le = COALESCE(utilise_le, :le), jeton_expire_le = :le, identite = NULL
WHERE empreinte = :empreinte;

-- name: federation_jeton_one(text jeton) maybe
SELECT c.client_id, c.mandat_id, c.demarche, c.agent_id, c.portee, c.identite, c.jeton_expire_le, m.usager_id,
	m.signe_le, u.nom, u.naissance, u.telephone
FROM federation_code c JOIN mandat m ON m.id = c.mandat_id JOIN usager u ON u.id = m.usager_id
WHERE c.jeton = :jeton;

-- name: federation_leave(text agent, text client, text le) exec
UPDATE federation_code SET jeton_expire_le = :le, identite = NULL, utilise_le = COALESCE(utilise_le, :le)
WHERE agent_id = :agent AND client_id = :client AND (jeton_expire_le IS NULL OR jeton_expire_le > :le);

-- name: federation_forget(text avant) exec
DELETE FROM federation_code WHERE expire_le < :avant;

-- name: federation_forget_identite(text le) exec
UPDATE federation_code SET identite = NULL
WHERE identite IS NOT NULL AND ((jeton_expire_le IS NOT NULL AND jeton_expire_le <= :le)
	OR (jeton IS NULL AND expire_le <= :le));

-- name: federation_signe_add(text client, text jti, text expire_le) exec
INSERT INTO federation_signe (client_id, jti, expire_le) VALUES (:client, :jti, :expire_le)
ON CONFLICT (client_id, jti) DO NOTHING;

-- name: federation_signe_forget(text le) exec
DELETE FROM federation_signe WHERE expire_le < :le;
