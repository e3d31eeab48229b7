-- Stops of places that travel, as agents and imports write them; non public ones too.

-- The places that a word can name: our id, one it had, an id in a source, the name itself.
-- name: passage_lieux(text cle, text nom_cle) many
SELECT id, nom FROM lieu WHERE id = :cle OR nom_cle = :nom_cle
	OR id IN (SELECT lieu_id FROM lieu_alias WHERE ancien_id = :cle)
	OR id IN (SELECT lieu_id FROM lieu_source WHERE id_source = :cle)
ORDER BY id LIMIT 3;

-- name: passages_all() many
SELECT p.id, l.id AS lieu_id, l.nom AS lieu_nom, l.telephone, l.publication, p.source, p.id_source,
	p.arret, p.commune, p.code_insee, p.adresse, p.latitude, p.longitude, p.horaires, p.dates, p.sauf,
	p.debut, p.fin, p.precisions, p.non_public
FROM passage p LEFT JOIN lieu_alias a ON a.ancien_id = p.lieu_id
JOIN lieu l ON l.id = coalesce(a.lieu_id, p.lieu_id)
ORDER BY l.nom_cle, p.commune, p.id LIMIT 5000;

-- name: passage_get(text id) maybe
SELECT p.id, p.lieu_id, l.nom AS lieu_nom, p.source, p.arret, p.commune, p.code_insee, p.adresse,
	p.latitude, p.longitude, p.horaires, p.dates, p.sauf, p.debut, p.fin, p.precisions, p.non_public
FROM passage p LEFT JOIN lieu_alias a ON a.ancien_id = p.lieu_id
JOIN lieu l ON l.id = coalesce(a.lieu_id, p.lieu_id)
WHERE p.id = :id;

-- name: arret_put(text id, text lieu_id, text source, text id_source, text arret, text commune, text code_insee, text adresse, real? latitude, real? longitude, text horaires, text dates, text sauf, text debut, text fin, text precisions, int non_public, text agent_id, text now) exec
INSERT INTO passage (id, lieu_id, source, id_source, arret, commune, code_insee, adresse, latitude,
	longitude, horaires, dates, sauf, debut, fin, precisions, non_public, agent_id, cree_le, maj_le)
VALUES (:id, :lieu_id, :source, :id_source, :arret, :commune, :code_insee, :adresse, :latitude,
	:longitude, :horaires, :dates, :sauf, :debut, :fin, :precisions, :non_public, :agent_id, :now, :now)
ON CONFLICT (id) DO UPDATE SET lieu_id = excluded.lieu_id, arret = excluded.arret,
	commune = excluded.commune, code_insee = excluded.code_insee, adresse = excluded.adresse,
	latitude = excluded.latitude, longitude = excluded.longitude, horaires = excluded.horaires,
	dates = excluded.dates, sauf = excluded.sauf, debut = excluded.debut, fin = excluded.fin,
	precisions = excluded.precisions, non_public = excluded.non_public,
	agent_id = excluded.agent_id, maj_le = excluded.maj_le;

-- name: passage_remove(text id) exec
DELETE FROM passage WHERE id = :id;

-- name: local_lieu(text id) maybe
SELECT id, nom, typologie, services, publication FROM lieu WHERE id = :id;

-- name: local_get(text lieu_id) many
SELECT origine, equipements, genre FROM lieu_local WHERE lieu_id = :lieu_id ORDER BY origine;

-- name: local_put(text lieu_id, text origine, text equipements, text genre, text agent_id, text now) exec
INSERT INTO lieu_local (lieu_id, origine, equipements, genre, agent_id, maj_le)
VALUES (:lieu_id, :origine, :equipements, :genre, :agent_id, :now)
ON CONFLICT (lieu_id, origine) DO UPDATE SET equipements = excluded.equipements,
	genre = excluded.genre, agent_id = excluded.agent_id, maj_le = excluded.maj_le
WHERE lieu_local.equipements <> excluded.equipements OR lieu_local.genre <> excluded.genre;

-- What an import said before, to be compared and to be taken away.
-- name: passages_source(text source) many
SELECT id, id_source, lieu_id, arret, commune, code_insee, adresse, latitude, longitude, horaires,
	dates, sauf, debut, fin, precisions, non_public
FROM passage WHERE source = :source ORDER BY id_source;
