-- Security keys of agents.

-- name: cles_of(text agent) many
SELECT id, nom, cle_id, cle_publique, cle_algorithme, cle_compteur, cree_le, vu_le FROM facteur
WHERE agent_id = :agent AND sorte = 'cle' ORDER BY cree_le, id;

-- name: cle_known(blob cle) maybe
SELECT id, agent_id FROM facteur WHERE cle_id = :cle;

-- name: cle_count(text agent) one
SELECT count(*) AS n -- int
FROM facteur WHERE agent_id = :agent AND sorte = 'cle';

-- name: cle_put(text id, text agent, text nom, blob cle, blob publique, int algorithme, int compteur, text le) exec
INSERT INTO facteur (id, agent_id, sorte, nom, cle_id, cle_publique, cle_algorithme, cle_compteur, cree_le)
VALUES (:id, :agent, 'cle', :nom, :cle, :publique, :algorithme, :compteur, :le);

-- Only when it has not served since the challenge was drawn.
-- name: cle_put_served(text id, int compteur, text le, text tire) exec
UPDATE facteur SET cle_compteur = :compteur, vu_le = :le, essais = 0
WHERE id = :id AND sorte = 'cle' AND (vu_le IS NULL OR vu_le < :tire);
