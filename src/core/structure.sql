-- Structures: who employs or hosts agents.

-- name: structure_row(text id) maybe
SELECT id, nom, type, siret, rna, commune, adresse, telephone, courriel, pouvoirs, etat
FROM structure WHERE id = :id;

-- name: structure_row_by_siret(text siret) maybe
SELECT id, nom, type, siret, rna, commune, adresse, telephone, courriel, pouvoirs, etat
FROM structure WHERE siret = :siret;

-- name: structure_row_by_rna(text rna) maybe
SELECT id, nom, type, siret, rna, commune, adresse, telephone, courriel, pouvoirs, etat
FROM structure WHERE rna = :rna;

-- name: structure_rows() many
SELECT id, nom, nom_cle, type, siret, rna, commune, adresse, telephone, courriel, pouvoirs, etat
FROM structure ORDER BY nom_cle, id;

-- name: structure_add(text id, text nom, text nom_cle, text type, text siret, text rna, text commune, text adresse, text telephone, text courriel, text pouvoirs, text etat, text now) exec
INSERT INTO structure (id, nom, nom_cle, type, siret, rna, commune, adresse, telephone, courriel,
	pouvoirs, etat, cree_le, maj_le)
VALUES (:id, :nom, :nom_cle, :type, :siret, :rna, :commune, :adresse, :telephone, :courriel,
	:pouvoirs, :etat, :now, :now);

-- name: structure_change(text id, text nom, text nom_cle, text type, text siret, text rna, text commune, text adresse, text telephone, text courriel, text pouvoirs, text etat, text now) exec
UPDATE structure SET nom = :nom, nom_cle = :nom_cle, type = :type, siret = :siret, rna = :rna,
	commune = :commune, adresse = :adresse, telephone = :telephone, courriel = :courriel,
	pouvoirs = :pouvoirs, etat = :etat, maj_le = :now
WHERE id = :id;
