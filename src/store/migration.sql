-- name: migration_list() many
SELECT nom, empreinte FROM migration ORDER BY nom;

-- name: migration_add(text nom, text empreinte, text le) exec
INSERT INTO migration (nom, empreinte, applique_le) VALUES (:nom, :empreinte, :le);
