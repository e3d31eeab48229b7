-- What an incremental export says of the places that left: which, and when.

-- name: lieux_sortis(text since) each
SELECT lieu_id, le FROM lieu_sorti WHERE le >= :since ORDER BY lieu_id;

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
