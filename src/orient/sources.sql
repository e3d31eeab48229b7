-- What each source of places gives: of its places, as they are shown now, how many have each field.

-- name: sources_bilan() many
SELECT s.nom, s.titre, s.complete, s.importe_le,
	count(*) AS lieux, -- int
	count(CASE WHEN l.publication = 'publie' THEN NULL ELSE 1 END) AS caches, -- int
	count(nullif(l.commune, '')) AS commune, -- int
	count(nullif(l.adresse, '')) AS adresse, -- int
	count(CASE WHEN l.position = 'source' THEN 1 END) AS position, -- int
	count(nullif(l.telephone, '')) AS telephone, -- int
	count(nullif(l.courriels, '')) AS courriels, -- int
	count(nullif(l.site_web, '')) AS site_web, -- int
	count(nullif(l.horaires, '')) AS horaires, -- int
	count(nullif(l.horaires_texte, '')) AS horaires_texte, -- int
	count(nullif(l.services, '')) AS services, -- int
	count(nullif(l.frais_a_charge, '')) AS frais, -- int
	count(nullif(l.modalites_accompagnement, '')) AS accompagnements, -- int
	count(nullif(l.pivot, '')) AS pivot -- int
FROM source s
	JOIN (SELECT DISTINCT source_id, lieu_id FROM lieu_source) ls ON ls.source_id = s.id
	JOIN lieu l ON l.id = ls.lieu_id
GROUP BY s.id, s.nom, s.titre, s.complete, s.importe_le
ORDER BY count(*) DESC, s.nom;
