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

-- The last words of people, that can be taken back.
-- name: doublon_decides() many
SELECT r.source_a, r.id_a, r.source_b, r.id_b, r.etat, r.decide_le,
	la.nom AS nom_a, lb.nom AS nom_b, qa.nom AS source_nom_a, qa.titre AS titre_a,
	qb.nom AS source_nom_b, qb.titre AS titre_b, g.prenom, g.nom
FROM rapprochement r
	JOIN lieu_source a ON a.source_id = r.source_a AND a.id_source = r.id_a
	JOIN lieu_source b ON b.source_id = r.source_b AND b.id_source = r.id_b
	JOIN lieu la ON la.id = a.lieu_id JOIN lieu lb ON lb.id = b.lieu_id
	JOIN source qa ON qa.id = r.source_a JOIN source qb ON qb.id = r.source_b
	LEFT JOIN agent g ON g.id = r.agent_id
WHERE r.etat IN ('meme', 'different')
ORDER BY r.decide_le DESC, r.source_a, r.id_a, r.source_b, r.id_b
LIMIT 10;
