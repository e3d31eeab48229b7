-- Territories as files give them, and what is worked out from them.  A row that says the
-- same as before is left alone, so that importing twice changes nothing.

-- name: territoire_put(text niveau, text code, text nom, text nom_cle, text departement, text region, text epci, text ept, text commune, text nature, text chef_lieu, int? population, text codes_postaux, real? latitude, real? longitude, text position, real? surface_km2, text source, text maj_le) exec
INSERT INTO territoire AS t (niveau, code, nom, nom_cle, departement, region, epci, ept, commune,
	nature, chef_lieu, population, codes_postaux, latitude, longitude, position,
	surface_km2, source, maj_le)
VALUES (:niveau, :code, :nom, :nom_cle, :departement, :region, :epci, :ept, :commune,
	:nature, :chef_lieu, :population, :codes_postaux, :latitude, :longitude, :position,
	:surface_km2, :source, :maj_le)
ON CONFLICT (niveau, code) DO UPDATE SET
	nom = excluded.nom,
	nom_cle = excluded.nom_cle,
	departement = coalesce(excluded.departement, t.departement),
	region = coalesce(excluded.region, t.region),
	epci = coalesce(excluded.epci, t.epci),
	ept = coalesce(excluded.ept, t.ept),
	commune = coalesce(excluded.commune, t.commune),
	nature = coalesce(excluded.nature, t.nature),
	chef_lieu = coalesce(excluded.chef_lieu, t.chef_lieu),
	population = coalesce(excluded.population, t.population),
	codes_postaux = coalesce(excluded.codes_postaux, t.codes_postaux),
	latitude = coalesce(excluded.latitude, t.latitude),
	longitude = coalesce(excluded.longitude, t.longitude),
	position = coalesce(excluded.position, t.position),
	surface_km2 = coalesce(excluded.surface_km2, t.surface_km2),
	source = excluded.source,
	maj_le = excluded.maj_le
WHERE t.nom <> excluded.nom
	OR excluded.departement IS NOT NULL AND excluded.departement IS DISTINCT FROM t.departement
	OR excluded.region IS NOT NULL AND excluded.region IS DISTINCT FROM t.region
	OR excluded.epci IS NOT NULL AND excluded.epci IS DISTINCT FROM t.epci
	OR excluded.ept IS NOT NULL AND excluded.ept IS DISTINCT FROM t.ept
	OR excluded.commune IS NOT NULL AND excluded.commune IS DISTINCT FROM t.commune
	OR excluded.nature IS NOT NULL AND excluded.nature IS DISTINCT FROM t.nature
	OR excluded.chef_lieu IS NOT NULL AND excluded.chef_lieu IS DISTINCT FROM t.chef_lieu
	OR excluded.population IS NOT NULL AND excluded.population IS DISTINCT FROM t.population
	OR excluded.codes_postaux IS NOT NULL
		AND excluded.codes_postaux IS DISTINCT FROM t.codes_postaux
	OR excluded.position IS NOT NULL AND (excluded.latitude IS DISTINCT FROM t.latitude
		OR excluded.longitude IS DISTINCT FROM t.longitude
		OR excluded.position IS DISTINCT FROM t.position)
	OR excluded.surface_km2 IS NOT NULL
		AND excluded.surface_km2 IS DISTINCT FROM t.surface_km2;

-- name: territoire_nom_put(text niveau, text code, text nom, text nom_cle, text ancien_code, text source) exec
INSERT INTO territoire_nom AS t (niveau, code, nom, nom_cle, ancien_code, source)
VALUES (:niveau, :code, :nom, :nom_cle, :ancien_code, :source)
ON CONFLICT (niveau, nom_cle, code) DO UPDATE SET
	nom = excluded.nom, ancien_code = excluded.ancien_code, source = excluded.source
WHERE t.nom <> excluded.nom OR t.ancien_code IS DISTINCT FROM excluded.ancien_code;

-- name: territoire_drop(text niveau, text code) exec
DELETE FROM territoire WHERE niveau = :niveau AND code = :code;

-- name: territoire_positions() each
SELECT niveau, code, departement, epci, commune, codes_postaux, latitude, longitude, position
FROM territoire WHERE niveau IN ('commune', 'arrondissement') ORDER BY niveau DESC, code;

-- name: territoire_anciens() each
SELECT code, ancien_code FROM territoire_nom
WHERE niveau = 'commune' AND ancien_code IS NOT NULL ORDER BY code, ancien_code;

-- name: territoire_place(text niveau, text code, real latitude, real longitude, text position, text maj_le) exec
UPDATE territoire
SET latitude = :latitude, longitude = :longitude, position = :position, maj_le = :maj_le
WHERE niveau = :niveau AND code = :code
	AND (latitude IS DISTINCT FROM :latitude OR longitude IS DISTINCT FROM :longitude
		OR position IS DISTINCT FROM :position);

-- name: territoire_sum_departements() exec
UPDATE territoire SET population = s.population FROM (
	SELECT departement, sum(population) AS population FROM territoire
	WHERE niveau = 'commune' GROUP BY departement) s
WHERE niveau = 'departement' AND code = s.departement
	AND territoire.population IS DISTINCT FROM s.population;

-- name: territoire_sum_regions() exec
UPDATE territoire SET population = s.population FROM (
	SELECT region, sum(population) AS population FROM territoire
	WHERE niveau = 'commune' GROUP BY region) s
WHERE niveau = 'region' AND code = s.region
	AND territoire.population IS DISTINCT FROM s.population;

-- name: territoire_noms_hauts() each
SELECT niveau, code, nom_cle FROM territoire
WHERE niveau IN ('departement', 'region') ORDER BY niveau, code;

-- name: territoire_get(text niveau, text code) maybe
SELECT nom, population, latitude, longitude, position, surface_km2, source, maj_le, chef_lieu,
	nature
FROM territoire WHERE niveau = :niveau AND code = :code;

-- name: contour_put(text niveau, text code, text departement, blob trace, text source) exec
INSERT INTO contour AS t (niveau, code, departement, trace, source)
VALUES (:niveau, :code, :departement, :trace, :source)
ON CONFLICT (niveau, code) DO UPDATE SET
	departement = excluded.departement, trace = excluded.trace, source = excluded.source
WHERE t.trace <> excluded.trace;

-- name: iris_outlined(text code, text commune, text departement, text nom, text type, real latitude, real longitude, text source, text maj_le) exec
INSERT INTO iris AS t (code, commune, departement, nom, type, latitude, longitude, source, maj_le)
VALUES (:code, :commune, :departement, :nom, :type, :latitude, :longitude, :source, :maj_le)
ON CONFLICT (code) DO UPDATE SET
	nom = CASE WHEN t.nom = t.code THEN excluded.nom ELSE t.nom END,
	type = coalesce(t.type, excluded.type),
	latitude = coalesce(t.latitude, excluded.latitude),
	longitude = coalesce(t.longitude, excluded.longitude)
WHERE (t.nom = t.code AND excluded.nom <> t.code)
	OR (t.type IS NULL AND excluded.type IS NOT NULL) OR t.latitude IS NULL;

-- name: contour_get(text niveau, text code) maybe
SELECT trace, source FROM contour WHERE niveau = :niveau AND code = :code;

-- name: contour_has_communes(text departement) one
SELECT count(*) AS n -- int
FROM contour WHERE niveau = 'commune' AND departement = :departement;

-- name: territoire_count(text niveau) one
SELECT count(*) AS n, -- int
	count(latitude) AS places, -- int
	count(CASE WHEN position = 'approchee' THEN 1 END) AS approchees -- int
FROM territoire WHERE niveau = :niveau;

-- name: territoire_ancien_get(text nom_cle) maybe
SELECT code, nom, ancien_code FROM territoire_nom
WHERE nom_cle = :nom_cle ORDER BY code LIMIT 1;
