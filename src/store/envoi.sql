-- The queue of messages.  A state that ends a message, or says that it left, erases its text
-- in the same statement.

-- name: envoi_add(text id, text canal, text genre, text cle, text destinataire, text structure_id, text langue, text objet, text texte, text html, int segments, int urgent, text pas_avant, text expire_le, text jeton, text cree_le) exec
INSERT INTO envoi (id, canal, genre, cle, destinataire, structure_id, langue, objet, texte, html,
	segments, urgent, pas_avant, expire_le, jeton, cree_le, maj_le)
VALUES (:id, :canal, :genre, :cle, :destinataire, :structure_id, :langue, :objet, :texte, :html,
	:segments, :urgent, :pas_avant, :expire_le, :jeton, :cree_le, :cree_le)
ON CONFLICT (cle) DO NOTHING;

-- name: envoi_by_key(text cle) maybe
SELECT id, etat FROM envoi WHERE cle = :cle;

-- name: envoi_history_add(text envoi_id, text etat, text motif, text le) exec
INSERT INTO envoi_etat (envoi_id, rang, etat, motif, le)
SELECT :envoi_id, coalesce(max(rang), 0) + 1, :etat, :motif, :le
FROM envoi_etat WHERE envoi_id = :envoi_id;

-- name: envoi_day_add(text jour, text canal, text genre, text etat, int segments) exec
INSERT INTO envoi_jour AS j (jour, canal, genre, etat, nombre, segments)
VALUES (:jour, :canal, :genre, :etat, 1, :segments)
ON CONFLICT (jour, canal, genre, etat) DO UPDATE SET
	nombre = j.nombre + 1, segments = j.segments + excluded.segments;

-- name: envoi_day_total(text jour, text canal) one
SELECT coalesce(sum(nombre), 0) AS partis -- int
FROM envoi_jour WHERE jour = :jour AND canal = :canal AND etat = 'parti';

-- name: envoi_in_hand() one
SELECT count(*) AS nombre -- int
FROM envoi WHERE etat = 'en_cours';

-- name: envoi_due(text canal, int urgent, text now, int most) many
SELECT id, canal, genre, destinataire, langue, objet, texte, html, segments, urgent, essais,
	pas_avant, expire_le, jeton, cree_le
FROM envoi
WHERE etat = 'attente' AND canal = :canal AND urgent = :urgent AND pas_avant <= :now
	AND expire_le > :now
ORDER BY pas_avant, id LIMIT :most;

-- name: envoi_one(text id, text canal, text now) maybe
SELECT id, canal, genre, destinataire, langue, objet, texte, html, segments, urgent, essais,
	pas_avant, expire_le, jeton, cree_le
FROM envoi WHERE id = :id AND canal = :canal AND etat = 'attente' AND pas_avant <= :now;

-- name: envoi_next_due(text canal, int urgent) one
SELECT min(pas_avant) AS pas_avant -- text?
FROM envoi WHERE etat = 'attente' AND canal = :canal AND urgent = :urgent;

-- name: envoi_stopped(text destinataire) maybe
SELECT le FROM envoi_stop WHERE destinataire = :destinataire;

-- What left today for this recipient, or is leaving; those asked by themselves count apart.
-- name: envoi_day_of(text destinataire, text jour, int urgent) one
SELECT count(*) AS nombre -- int
FROM envoi
WHERE destinataire = :destinataire AND jour = :jour AND urgent = :urgent
	AND etat IN ('en_cours', 'parti', 'remis', 'non_remis');

-- name: envoi_lease(text id, text bail_le, text jour, text maj_le) exec
UPDATE envoi SET etat = 'en_cours', bail_le = :bail_le, jour = :jour, essais = essais + 1,
	maj_le = :maj_le
WHERE id = :id AND etat = 'attente';

-- name: envoi_postpone(text id, text motif, text pas_avant, int essais, text maj_le) exec
UPDATE envoi SET etat = 'attente', bail_le = NULL, jour = NULL, motif = :motif,
	pas_avant = :pas_avant, essais = :essais, maj_le = :maj_le
WHERE id = :id AND etat IN ('attente', 'en_cours');

-- name: envoi_leave(text id, text id_distant, text maj_le) exec
UPDATE envoi SET etat = 'parti', bail_le = NULL, motif = NULL, id_distant = :id_distant,
	objet = NULL, texte = NULL, html = NULL, maj_le = :maj_le
WHERE id = :id AND etat = 'en_cours';

-- name: envoi_end(text id, text etat, text motif, text maj_le) exec
UPDATE envoi SET etat = :etat, bail_le = NULL, jour = NULL, motif = :motif,
	objet = NULL, texte = NULL, html = NULL, maj_le = :maj_le
WHERE id = :id AND etat IN ('attente', 'en_cours');

-- name: envoi_receipt(text id, text etat, text motif, text maj_le) exec
UPDATE envoi SET etat = :etat, bail_le = NULL, motif = :motif,
	objet = NULL, texte = NULL, html = NULL, maj_le = :maj_le
WHERE id = :id AND etat IN ('en_cours', 'parti');

-- name: envoi_get(text id) maybe
SELECT id, canal, genre, destinataire, structure_id, langue, segments, urgent, etat, motif, essais,
	pas_avant, expire_le, jeton, id_distant, jour, cree_le, maj_le
FROM envoi WHERE id = :id;

-- name: envoi_by_remote(text id_distant) maybe
SELECT id FROM envoi WHERE id_distant = :id_distant ORDER BY id DESC LIMIT 1;

-- name: envoi_expired(text now, int most) many
SELECT id, canal, genre, segments FROM envoi
WHERE etat = 'attente' AND expire_le <= :now ORDER BY expire_le LIMIT :most;

-- name: envoi_orphans(text now, int most) many
SELECT id, essais FROM envoi WHERE etat = 'en_cours' AND bail_le <= :now ORDER BY bail_le
LIMIT :most;

-- --- for people ----------------------------------------------------------------------------

-- name: envoi_history(text envoi_id) many
SELECT etat, motif, le FROM envoi_etat WHERE envoi_id = :envoi_id ORDER BY rang;

-- Newest first, before an id; '' for a state or a way means any.
-- name: envoi_list(text before, text etat, text canal, int most) many
SELECT id, canal, genre, destinataire, segments, urgent, etat, motif, essais, pas_avant, cree_le, maj_le
FROM envoi
WHERE id < :before AND (:etat = '' OR etat = :etat) AND (:canal = '' OR canal = :canal)
ORDER BY id DESC LIMIT :most;

-- name: envoi_waiting() many
SELECT canal, etat, count(*) AS nombre -- int
FROM envoi WHERE etat IN ('attente', 'en_cours') GROUP BY canal, etat ORDER BY canal, etat;

-- name: envoi_days(text depuis) many
SELECT canal, etat, sum(nombre) AS nombre, -- int
	sum(segments) AS segments -- int
FROM envoi_jour WHERE jour >= :depuis GROUP BY canal, etat ORDER BY canal, etat;

-- name: envoi_again(text id, text now, text expire_le) exec
UPDATE envoi SET pas_avant = :now,
	expire_le = CASE WHEN expire_le < :expire_le THEN :expire_le ELSE expire_le END,
	maj_le = :now
WHERE id = :id AND etat = 'attente';

-- name: envoi_again_all(text now) exec
UPDATE envoi SET pas_avant = :now, maj_le = :now
WHERE etat = 'attente' AND essais > 0 AND pas_avant > :now;

-- --- what comes back -------------------------------------------------------------------------

-- name: envoi_retour_add(text empreinte, text vu_le) exec
INSERT INTO envoi_retour (empreinte, vu_le) VALUES (:empreinte, :vu_le)
ON CONFLICT (empreinte) DO NOTHING;

-- name: envoi_last_for(text destinataire) maybe
SELECT id FROM envoi
WHERE destinataire = :destinataire AND canal = 'sms' AND etat IN ('parti', 'remis', 'non_remis')
ORDER BY jour DESC, id DESC LIMIT 1;

-- name: envoi_reponse_add(text id, text expediteur, text texte, text mot, text envoi_id, text id_distant, text recu_le) exec
INSERT INTO envoi_reponse (id, expediteur, texte, mot, envoi_id, id_distant, recu_le)
VALUES (:id, :expediteur, :texte, :mot, :envoi_id, :id_distant, :recu_le)
ON CONFLICT (id_distant) DO NOTHING;

-- name: envoi_stop_put(text destinataire, text le) exec
INSERT INTO envoi_stop (destinataire, le) VALUES (:destinataire, :le)
ON CONFLICT (destinataire) DO NOTHING;

-- name: envoi_stop_drop(text destinataire) exec
DELETE FROM envoi_stop WHERE destinataire = :destinataire;

-- name: envoi_reponses_unread(int most) many
SELECT id, expediteur, texte, mot, envoi_id, recu_le FROM envoi_reponse
WHERE lu_le IS NULL ORDER BY id LIMIT :most;

-- name: envoi_reponse_read(text id, text lu_le) exec
UPDATE envoi_reponse SET lu_le = :lu_le WHERE id = :id AND lu_le IS NULL;

-- name: envoi_reponses_list(int most) many
SELECT id, expediteur, mot, envoi_id, recu_le FROM envoi_reponse ORDER BY recu_le DESC, id DESC LIMIT :most;

-- --- forgetting ------------------------------------------------------------------------------

-- name: envoi_forget(text before, int most) exec
UPDATE envoi SET destinataire = NULL, id_distant = NULL
WHERE id IN (SELECT id FROM envoi WHERE destinataire IS NOT NULL AND maj_le < :before
	AND etat NOT IN ('attente', 'en_cours') LIMIT :most);

-- name: envoi_known(text id) maybe
SELECT canal FROM envoi WHERE id = :id AND destinataire IS NOT NULL;

-- name: envoi_old(text before, int most) many
SELECT id FROM envoi WHERE maj_le < :before AND destinataire IS NULL
	AND etat NOT IN ('attente', 'en_cours') ORDER BY id LIMIT :most;

-- name: envoi_history_drop(text envoi_id) exec
DELETE FROM envoi_etat WHERE envoi_id = :envoi_id;

-- name: envoi_drop(text id) exec
DELETE FROM envoi WHERE id = :id;

-- name: envoi_reponse_forget(text before) exec
DELETE FROM envoi_reponse WHERE recu_le < :before;

-- name: envoi_retour_forget(text before) exec
DELETE FROM envoi_retour WHERE vu_le < :before;
