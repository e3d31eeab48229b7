-- The IRIS of a commune, Insee's quarters, and their outlines.

-- name: iris_get(text code) maybe
SELECT i.code, i.commune, i.nom, i.type, i.population, i.annee, i.latitude, i.longitude, i.source,
	i.maj_le
FROM iris i WHERE i.code = :code;

-- name: iris_rows_of(text commune) many
SELECT i.code, i.commune, i.nom, i.type, i.population, i.annee, i.latitude, i.longitude, i.source,
	i.maj_le
FROM iris i WHERE i.commune = :commune ORDER BY i.code;

-- name: iris_all() each
SELECT code, commune, nom, type, population, annee, latitude, longitude FROM iris ORDER BY code;

-- name: iris_total() one
SELECT count(*) AS n -- int
FROM iris;

-- name: iris_contours(text commune) many
SELECT c.code, c.trace FROM contour c JOIN iris i ON i.code = c.code
WHERE c.niveau = 'iris' AND i.commune = :commune ORDER BY c.code;


-- name: iris_count_of(text commune) one
SELECT count(*) AS n -- int
FROM iris WHERE commune = :commune;

-- Of communes that are no more, when no history of the COG says what they became.
-- name: iris_orphelins(text departement) many
SELECT i.code, i.nom, i.commune FROM iris i
WHERE i.departement = :departement AND NOT EXISTS (SELECT 1 FROM territoire t
	WHERE t.code = i.commune AND t.niveau IN ('commune', 'arrondissement'))
ORDER BY i.code;
