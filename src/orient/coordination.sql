-- Pages of the coordination: pairs that wait, what is just read.

-- name: doublon_prochain() maybe
SELECT r.source_a, r.id_a, r.source_b, r.id_b, r.score, r.raisons, a.lieu_id AS lieu_a,
	b.lieu_id AS lieu_b, la.publication AS publication_a, lb.publication AS publication_b,
	qa.nom AS nom_a, qb.nom AS nom_b, qa.titre AS titre_a, qb.titre AS titre_b
FROM rapprochement r
	JOIN lieu_source a ON a.source_id = r.source_a AND a.id_source = r.id_a
	JOIN lieu_source b ON b.source_id = r.source_b AND b.id_source = r.id_b
	JOIN lieu la ON la.id = a.lieu_id JOIN lieu lb ON lb.id = b.lieu_id
	JOIN source qa ON qa.id = r.source_a JOIN source qb ON qb.id = r.source_b
WHERE r.etat IN ('attente', 'plus_tard')
ORDER BY CASE WHEN r.etat = 'attente' THEN 0 ELSE 1 END,
	CASE WHEN la.publication = lb.publication THEN 1 ELSE 0 END,
	coalesce(r.decide_le, ''), r.score DESC, r.source_a, r.id_a, r.source_b, r.id_b
LIMIT 1;
