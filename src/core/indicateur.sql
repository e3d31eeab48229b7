-- Indicators: the catalogue of one's own, series and their chunks.

-- name: indicateur_own() many
SELECT code, libelle, unite, sens, nature, source, licence, url, note
FROM indicateur ORDER BY code;

-- name: indicateur_own_put(text code, text libelle, text unite, int sens, text nature, text source, text licence, text url, text note) exec
INSERT INTO indicateur AS t (code, libelle, unite, sens, nature, source, licence, url, note)
VALUES (:code, :libelle, :unite, :sens, :nature, :source, :licence, :url, :note)
ON CONFLICT (code) DO UPDATE SET
	libelle = excluded.libelle, unite = excluded.unite, sens = excluded.sens,
	nature = excluded.nature, source = excluded.source, licence = excluded.licence,
	url = excluded.url, note = excluded.note
WHERE t.libelle <> excluded.libelle OR t.unite <> excluded.unite OR t.sens <> excluded.sens
	OR t.nature <> excluded.nature OR t.source IS DISTINCT FROM excluded.source
	OR t.licence IS DISTINCT FROM excluded.licence OR t.url IS DISTINCT FROM excluded.url
	OR t.note IS DISTINCT FROM excluded.note;

-- name: indicateur_serie_list(text indicateur, text niveau) many
SELECT s.indicateur, s.niveau, s.annee, s.nombre, s.renseignes,
	i.source, i.licence, i.url, i.fichier, i.importe_le
FROM indicateur_serie s JOIN indicateur_import i ON i.id = s.import_id
WHERE (:indicateur = '' OR s.indicateur = :indicateur) AND (:niveau = '' OR s.niveau = :niveau)
ORDER BY s.indicateur, s.niveau, s.annee;

-- name: indicateur_serie_last(text indicateur, text niveau) maybe
SELECT annee FROM indicateur_serie
WHERE indicateur = :indicateur AND niveau = :niveau ORDER BY annee DESC LIMIT 1;

-- name: indicateur_serie_size(text indicateur, text niveau, int annee) maybe
SELECT nombre, renseignes FROM indicateur_serie
WHERE indicateur = :indicateur AND niveau = :niveau AND annee = :annee;

-- name: indicateur_serie_put(text indicateur, text niveau, int annee, int nombre, int renseignes, text import_id) exec
INSERT INTO indicateur_serie (indicateur, niveau, annee, nombre, renseignes, import_id)
VALUES (:indicateur, :niveau, :annee, :nombre, :renseignes, :import_id)
ON CONFLICT (indicateur, niveau, annee) DO UPDATE SET
	nombre = excluded.nombre, renseignes = excluded.renseignes, import_id = excluded.import_id;

-- name: indicateur_lots(text indicateur, text niveau, int annee) each
SELECT departement, valeurs FROM indicateur_lot
WHERE indicateur = :indicateur AND niveau = :niveau AND annee = :annee ORDER BY departement;

-- name: indicateur_lot_get(text indicateur, text niveau, int annee, text departement) maybe
SELECT valeurs FROM indicateur_lot
WHERE indicateur = :indicateur AND niveau = :niveau AND annee = :annee
	AND departement = :departement;

-- name: indicateur_lots_of(text niveau, text departement) each
SELECT indicateur, annee, valeurs FROM indicateur_lot
WHERE niveau = :niveau AND departement = :departement ORDER BY indicateur, annee;

-- name: indicateur_lot_put(text indicateur, text niveau, int annee, text departement, blob valeurs) exec
INSERT INTO indicateur_lot (indicateur, niveau, annee, departement, valeurs)
VALUES (:indicateur, :niveau, :annee, :departement, :valeurs)
ON CONFLICT (indicateur, niveau, annee, departement) DO UPDATE SET valeurs = excluded.valeurs;

-- name: indicateur_noms(text niveau) each
SELECT code, nom FROM territoire WHERE niveau = :niveau ORDER BY code;

-- name: indicateur_noms_iris() each
SELECT code, nom FROM iris ORDER BY code;

-- name: indicateur_import_put(text id, text fichier, text empreinte, text format, text source, text licence, text url, int lus, int acceptes, int refuses, int valeurs, int modifies, text importe_le) exec
INSERT INTO indicateur_import (id, fichier, empreinte, format, source, licence, url, lus, acceptes,
	refuses, valeurs, modifies, importe_le)
VALUES (:id, :fichier, :empreinte, :format, :source, :licence, :url, :lus, :acceptes, :refuses,
	:valeurs, :modifies, :importe_le);

-- name: indicateur_import_count(text id, int valeurs, int modifies) exec
UPDATE indicateur_import SET valeurs = :valeurs, modifies = :modifies WHERE id = :id;

-- name: indicateur_import_drop(text id) exec
DELETE FROM indicateur_import WHERE id = :id;
