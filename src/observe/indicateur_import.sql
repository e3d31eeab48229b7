-- What importers of indicators read of territories, and the tables they fill beside values.

-- name: annuaire_territoires() each
SELECT niveau, code, departement, region, epci, ept, commune, population, latitude, longitude
FROM territoire ORDER BY niveau, code;

-- name: annuaire_anciens() each
SELECT ancien_code, code FROM territoire_nom
WHERE niveau = 'commune' AND ancien_code IS NOT NULL ORDER BY ancien_code, code;

-- name: annuaire_passages_all() each
SELECT ancien, nouveau, date_effet, nature FROM commune_passage
ORDER BY ancien, date_effet DESC, nouveau;

-- name: passage_put(text ancien, text nouveau, text date_effet, text nature, text source) exec
INSERT INTO commune_passage AS t (ancien, nouveau, date_effet, nature, source)
VALUES (:ancien, :nouveau, :date_effet, :nature, :source)
ON CONFLICT (ancien, nouveau, date_effet) DO UPDATE SET
	nature = excluded.nature, source = excluded.source
WHERE t.nature <> excluded.nature;

-- What an older base says of an IRIS does not change what a newer one said.
-- name: iris_put(text code, text commune, text departement, text nom, text type, real? population, int annee, text source, text maj_le) exec
INSERT INTO iris AS t (code, commune, departement, nom, type, population, annee, source, maj_le)
VALUES (:code, :commune, :departement, :nom, :type, :population, :annee, :source, :maj_le)
ON CONFLICT (code) DO UPDATE SET
	commune = excluded.commune, departement = excluded.departement,
	nom = CASE WHEN excluded.nom = excluded.code THEN t.nom ELSE excluded.nom END,
	type = coalesce(excluded.type, t.type),
	population = coalesce(excluded.population, t.population),
	annee = excluded.annee, source = excluded.source, maj_le = excluded.maj_le
WHERE excluded.annee >= coalesce(t.annee, 0) AND (t.commune <> excluded.commune
	OR t.annee IS DISTINCT FROM excluded.annee
	OR (t.nom <> excluded.nom AND excluded.nom <> excluded.code)
	OR (excluded.type IS NOT NULL AND t.type IS DISTINCT FROM excluded.type)
	OR (excluded.population IS NOT NULL
		AND t.population IS DISTINCT FROM excluded.population));

-- An IRIS that only a table of figures speaks of: without a name yet.
-- name: iris_connaitre(text code, text commune, text departement, text source, text maj_le) exec
INSERT INTO iris (code, commune, departement, nom, source, maj_le)
VALUES (:code, :commune, :departement, :code, :source, :maj_le)
ON CONFLICT (code) DO NOTHING;

-- name: iris_place(text code, real latitude, real longitude) exec
UPDATE iris SET latitude = :latitude, longitude = :longitude
WHERE code = :code AND (latitude IS DISTINCT FROM :latitude
	OR longitude IS DISTINCT FROM :longitude);

-- name: iris_count() one
SELECT count(*) AS n, -- int
	count(latitude) AS places -- int
FROM iris;

-- name: passage_count() one
SELECT count(*) AS n -- int
FROM commune_passage;

-- name: iris_places() each
SELECT code, commune, latitude, longitude FROM iris ORDER BY code;
