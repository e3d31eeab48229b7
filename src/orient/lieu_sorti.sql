-- What an incremental export says of the places that left: which, and when.

-- name: lieux_sortis(text since) each
SELECT s.lieu_id, s.le, l.horaires, l.code_insee
FROM lieu_sorti s LEFT JOIN lieu l ON l.id = s.lieu_id WHERE s.le >= :since ORDER BY s.lieu_id;

-- name: lieux_sortis_dernier() one
SELECT max(le) AS le -- text?
FROM lieu_sorti;

-- Sources that published places come from, with their licence.
-- name: lieux_sources() many
SELECT s.nom, coalesce(s.titre, s.nom) AS titre, -- text
	s.licence, s.adresse, s.importe_le, count(DISTINCT l.id) AS lieux -- int
FROM source s JOIN lieu_source ls ON ls.source_id = s.id JOIN lieu l ON l.id = ls.lieu_id
WHERE l.publication = 'publie'
GROUP BY s.id, s.nom, s.titre, s.licence, s.adresse, s.importe_le ORDER BY lieux DESC, s.nom;

-- name: lieu_sorti_get(text lieu_id) maybe
SELECT s.le, l.horaires, l.code_insee
FROM lieu_sorti s LEFT JOIN lieu l ON l.id = s.lieu_id WHERE s.lieu_id = :lieu_id;

-- Rules that a calendar may still hold, of a place: those that changed, the newest first; with
-- `parti`, when its place has left, those that were public then too.
-- name: passages_sortis(text lieu_id, text? parti) many
SELECT s.passage_id, s.le, s.code_insee, s.horaires, s.dates, s.sauf, s.debut, s.fin
FROM passage_sorti s LEFT JOIN lieu_alias a ON a.ancien_id = s.lieu_id
WHERE coalesce(a.lieu_id, s.lieu_id) = :lieu_id
UNION ALL
SELECT p.id, :parti, p.code_insee, p.horaires, p.dates, p.sauf, p.debut, p.fin
FROM passage p LEFT JOIN lieu_alias a ON a.ancien_id = p.lieu_id
WHERE coalesce(a.lieu_id, p.lieu_id) = :lieu_id AND p.non_public = 0 AND :parti IS NOT NULL
ORDER BY 2 DESC LIMIT 60;
