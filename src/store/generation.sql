-- name: generation_list() each
SELECT nom, numero FROM generation;

-- name: generation_add(text nom) exec
UPDATE generation SET numero = numero + 1 WHERE nom = :nom;
