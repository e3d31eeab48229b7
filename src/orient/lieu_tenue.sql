-- Kept true by those who know: corrections, reports, links and codes.

-- name: tenue_source() maybe
SELECT id FROM source WHERE nom = 'lieu-lui-meme';

-- name: tenue_source_add(text id) exec
INSERT INTO source (id, nom, titre) VALUES (:id, 'lieu-lui-meme', 'Le lieu lui-même');

-- name: tenue_parole(text lieu_id) maybe
SELECT s.id_source, s.valeurs FROM lieu_source s JOIN source q ON q.id = s.source_id
WHERE s.lieu_id = :lieu_id AND q.nom = 'lieu-lui-meme' ORDER BY s.id_source LIMIT 1;

-- name: tenue_parole_put(text source_id, text id_source, text lieu_id, text valeurs, text jour, text now) exec
INSERT INTO lieu_source (source_id, id_source, lieu_id, champs, empreinte, valeurs, date_maj,
	importe_le, vu_le, rapproche_le)
VALUES (:source_id, :id_source, :lieu_id, '{}', '', :valeurs, :jour, :now, :now, :now)
ON CONFLICT (source_id, id_source) DO UPDATE SET valeurs = excluded.valeurs,
	date_maj = excluded.date_maj, importe_le = excluded.importe_le, vu_le = excluded.vu_le;

-- name: tenue_changement_add(text id, text lieu_id, text champ, text avant, text apres, text now, text par, text agent_id) exec
INSERT INTO lieu_changement (id, lieu_id, champ, avant, apres, le, par, agent_id)
VALUES (:id, :lieu_id, :champ, :avant, :apres, :now, :par, :agent_id);

-- name: tenue_changement(text id, text lieu_id) maybe
SELECT champ, avant, le, annule_le FROM lieu_changement WHERE id = :id AND lieu_id = :lieu_id;

-- name: tenue_commune(text code) maybe
SELECT latitude, longitude FROM territoire
WHERE code = :code AND niveau IN ('commune', 'arrondissement') ORDER BY niveau LIMIT 1;

-- name: tenue_changements(text lieu_id) many
SELECT c.id, c.champ, c.avant, c.apres, c.le, c.par, c.annule_le, a.prenom, a.nom
FROM lieu_changement c LEFT JOIN agent a ON a.id = c.agent_id
WHERE c.lieu_id = :lieu_id ORDER BY c.le DESC, c.id DESC LIMIT 100;

-- What holds of a field when its undone changes are left out.
-- name: tenue_dernier(text lieu_id, text champ) maybe
SELECT id, apres, le FROM lieu_changement
WHERE lieu_id = :lieu_id AND champ = :champ AND annule_le IS NULL
ORDER BY le DESC, id DESC LIMIT 1;

-- name: tenue_annule(text id, text now, text agent_id) exec
UPDATE lieu_changement SET annule_le = :now, annule_par = :agent_id WHERE id = :id;

-- name: tenue_confirme(text id, text jour, text now) exec
UPDATE lieu SET confirme_le = :jour, alerte = NULL, alerte_le = NULL, maj_le = :now
WHERE id = :id;

-- name: tenue_signalements_attente(text lieu_id) one
SELECT count(*) AS n -- int
FROM lieu_signalement WHERE lieu_id = :lieu_id AND etat = 'attente';

-- name: tenue_signalement_compte(text lieu_id, text sorte, text depuis) maybe
SELECT id FROM lieu_signalement
WHERE lieu_id = :lieu_id AND sorte = :sorte AND etat = 'attente' AND jour >= :depuis
ORDER BY jour DESC, id LIMIT 1;

-- name: tenue_signalement_encore(text id, text jour) exec
UPDATE lieu_signalement SET nombre = nombre + 1, jour = :jour WHERE id = :id;

-- name: tenue_signalement_add(text id, text lieu_id, text sorte, text texte, text jour) exec
INSERT INTO lieu_signalement (id, lieu_id, sorte, texte, nombre, jour, etat)
VALUES (:id, :lieu_id, :sorte, :texte, 1, :jour, 'attente');

-- name: tenue_signalements_somme(text lieu_id, text depuis) each
SELECT sorte, sum(nombre) AS n -- int
FROM lieu_signalement
WHERE lieu_id = :lieu_id AND etat = 'attente' AND jour >= :depuis AND sorte <> 'autre'
GROUP BY sorte ORDER BY sorte;

-- name: tenue_alerte(text id, text alerte, text jour, text now) exec
UPDATE lieu SET alerte = :alerte, alerte_le = :jour, maj_le = :now
WHERE id = :id AND coalesce(alerte, '') <> coalesce(:alerte, '');

-- name: tenue_signalement_decide(text id, text lieu_id, text etat, text now, text agent_id) exec
UPDATE lieu_signalement SET etat = :etat, decide_le = :now, agent_id = :agent_id
WHERE id = :id AND lieu_id = :lieu_id AND etat = 'attente';

-- name: tenue_signalements(text lieu_id) many
SELECT id, sorte, texte, nombre, jour FROM lieu_signalement
WHERE lieu_id = :lieu_id AND etat = 'attente' ORDER BY jour DESC, id LIMIT 60;

-- name: tenue_acces_add(text id, text lieu_id, text empreinte, text moyen, text now, text expire, text agent_id) exec
INSERT INTO lieu_acces (id, lieu_id, empreinte, moyen, cree_le, expire_le, agent_id)
VALUES (:id, :lieu_id, :empreinte, :moyen, :now, :expire, :agent_id);

-- name: tenue_acces_trouve(text lieu_id, text empreinte, text now) maybe
SELECT id, moyen, agent_id FROM lieu_acces
WHERE lieu_id = :lieu_id AND empreinte = :empreinte AND fini_le IS NULL AND expire_le > :now;

-- name: tenue_acces_fini(text id, text now) exec
UPDATE lieu_acces SET fini_le = :now WHERE id = :id AND fini_le IS NULL;

-- name: tenue_a_confirmer(text avant, int combien) many
SELECT l.id, l.nom, l.commune, l.code_postal, l.telephone, l.date_maj, l.confirme_le, l.alerte
FROM lieu l
WHERE l.publication = 'publie'
	AND (CASE WHEN l.confirme_le > l.date_maj THEN l.confirme_le ELSE l.date_maj END) < :avant
ORDER BY (CASE WHEN l.confirme_le > l.date_maj THEN l.confirme_le ELSE l.date_maj END), l.nom_cle,
	l.id
LIMIT :combien;

-- name: tenue_nombres(text avant) one
SELECT
	(SELECT count(*) FROM lieu WHERE publication = 'publie'
		AND (CASE WHEN confirme_le > date_maj THEN confirme_le ELSE date_maj END) < :avant) AS anciens, -- int
	(SELECT count(*) FROM lieu_signalement WHERE etat = 'attente') AS signalements, -- int
	(SELECT count(*) FROM rapprochement WHERE etat IN ('attente', 'plus_tard')) AS doublons, -- int
	(SELECT count(*) FROM lieu WHERE absent_depuis IS NOT NULL AND publication = 'publie') AS absents, -- int
	(SELECT count(*) FROM lieu WHERE publication = 'publie') AS publies; -- int

-- name: tenue_signales() many
SELECT g.lieu_id, l.nom, l.commune, g.sorte, g.texte, g.nombre, g.jour, l.telephone
FROM lieu_signalement g JOIN lieu l ON l.id = g.lieu_id
WHERE g.etat = 'attente' ORDER BY g.nombre DESC, g.jour, g.id LIMIT 100;
