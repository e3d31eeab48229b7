-- name: terrain_of(text niveau, text code) many
SELECT id, sorte, theme, titre, texte, lien, source FROM terrain
WHERE niveau = :niveau AND code = :code AND publie = 1
ORDER BY sorte, theme, id;

-- name: terrain_list() many
SELECT id, niveau, code, sorte, theme, titre, publie FROM terrain
ORDER BY niveau, code, id;

-- name: terrain_get(text id) one
SELECT id, niveau, code, sorte, theme, titre, texte, lien, source, consenti, relu, publie FROM terrain
WHERE id = :id;

-- name: terrain_put(text id, text niveau, text code, text sorte, text theme, text titre, text texte, text lien, text source, int consenti, int relu, int publie, text agent, text le) exec
INSERT INTO terrain (id, niveau, code, sorte, theme, titre, texte, lien, source, consenti, relu, publie, agent_id, cree_le, maj_le)
VALUES (:id, :niveau, :code, :sorte, :theme, :titre, :texte, :lien, :source, :consenti, :relu, :publie, :agent, :le, :le)
ON CONFLICT (id) DO UPDATE SET niveau = excluded.niveau, code = excluded.code, sorte = excluded.sorte,
	theme = excluded.theme, titre = excluded.titre, texte = excluded.texte, lien = excluded.lien,
	source = excluded.source, consenti = excluded.consenti, relu = excluded.relu,
	publie = excluded.publie, maj_le = excluded.maj_le;

-- name: terrain_delete(text id) exec
DELETE FROM terrain WHERE id = :id;

-- name: reperages_by_commune() each
SELECT commune, sum(nombre) AS nombre -- int
FROM reperage_compte WHERE commune <> '' GROUP BY commune;
