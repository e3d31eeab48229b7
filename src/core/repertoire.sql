-- What repertoire.c reads into memory.  Order matters: the arrays are searched by halves.

-- name: repertoire_counts() one
SELECT
	(SELECT count(*) FROM territoire WHERE niveau IN ('commune', 'arrondissement')) AS communes, -- int
	(SELECT count(*) FROM territoire WHERE niveau NOT IN ('commune', 'arrondissement')) AS territoires, -- int
	(SELECT count(*) FROM territoire_nom WHERE niveau IN ('commune', 'arrondissement')) AS noms, -- int
	(SELECT count(*) FROM contour WHERE niveau = 'departement') AS contours, -- int
	(SELECT count(*) FROM contour WHERE niveau = 'commune') AS limites, -- int
	(SELECT count(*) FROM lieu WHERE publication = 'publie') AS lieux; -- int

-- name: repertoire_communes() each
SELECT niveau, code, nom, nom_cle, departement, region, epci, ept, commune, population,
	codes_postaux, latitude, longitude, position
FROM territoire WHERE niveau IN ('commune', 'arrondissement') ORDER BY code, niveau;

-- name: repertoire_territoires() each
SELECT niveau, code, nom, nom_cle, nature, region, population
FROM territoire WHERE niveau NOT IN ('commune', 'arrondissement') ORDER BY niveau, code;

-- name: repertoire_noms() each
SELECT code, nom, nom_cle FROM territoire_nom
WHERE niveau IN ('commune', 'arrondissement') ORDER BY nom_cle, code;

-- name: repertoire_anciens() each
SELECT min(code) AS code, -- text
	ancien_code FROM territoire_nom
WHERE niveau = 'commune' AND ancien_code IS NOT NULL GROUP BY ancien_code ORDER BY ancien_code;

-- name: repertoire_contours(text niveau) each
SELECT code, trace FROM contour WHERE niveau = :niveau ORDER BY code;

-- name: repertoire_lieux() each
SELECT l.id, l.pivot, l.nom, l.nom_cle, l.commune, l.code_postal, l.code_insee, l.adresse,
	l.complement_adresse, l.latitude, l.longitude, l.position, l.typologie, l.telephone,
	l.courriels, l.site_web, l.horaires, l.presentation_resume, l.presentation_detail,
	l.source, l.itinerance, l.structure_parente, l.date_maj, l.services,
	l.publics_specifiquement_adresses, l.prise_en_charge_specifique, l.frais_a_charge,
	l.dispositif_programmes_nationaux, l.formations_labels, l.autres_formations_labels,
	l.modalites_acces, l.modalites_accompagnement, l.fiche_acces_libre, l.prise_rdv,
	l.horaires_texte, l.publics_recus, l.cree_le, l.maj_le,
	l.confirme_le, l.alerte, l.alerte_le, l.absent_depuis,
	(SELECT coalesce(min(s.titre), min(s.nom)) FROM lieu_source ls
		JOIN source s ON s.id = ls.source_id
		WHERE ls.lieu_id = l.id AND s.nom <> 'lieu-lui-meme') AS source_titre, -- text?
	(SELECT x.equipements FROM lieu_local x WHERE x.lieu_id = l.id
		OR x.lieu_id IN (SELECT a.ancien_id FROM lieu_alias a WHERE a.lieu_id = l.id)
		ORDER BY x.origine, x.maj_le DESC LIMIT 1) AS equipements, -- text?
	(SELECT x.genre FROM lieu_local x WHERE x.lieu_id = l.id
		OR x.lieu_id IN (SELECT a.ancien_id FROM lieu_alias a WHERE a.lieu_id = l.id)
		ORDER BY x.origine, x.maj_le DESC LIMIT 1) AS genre -- text?
FROM lieu l WHERE l.publication = 'publie' ORDER BY l.id;

-- name: repertoire_alias(text ancien_id) maybe
SELECT lieu_id FROM lieu_alias WHERE ancien_id = :ancien_id;

-- Stops that anybody may know; those of a place that was merged stand under the one it became.
-- name: repertoire_passages() each
SELECT p.id, coalesce(a.lieu_id, p.lieu_id) AS lieu_id, -- text
	p.arret, p.commune, p.code_insee, p.adresse, p.latitude, p.longitude, p.horaires, p.dates,
	p.sauf, p.debut, p.fin, p.precisions, p.maj_le
FROM passage p LEFT JOIN lieu_alias a ON a.ancien_id = p.lieu_id
WHERE p.non_public = 0 ORDER BY coalesce(a.lieu_id, p.lieu_id), p.id;
