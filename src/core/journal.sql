-- The journal: a leaf more, and reading.  No query changes a leaf.

-- name: journal_leaf_add(blob engagement) one
INSERT INTO journal_feuille (numero, engagement)
SELECT coalesce(max(numero), -1) + 1, :engagement FROM journal_feuille
RETURNING numero;

-- name: journal_act_add(int numero, blob sel, text le, text genre, text structure, text usager, text acteur, text objet, text texte) exec
INSERT INTO journal_acte (numero, sel, le, genre, structure_id, usager_id, acteur, objet, texte)
VALUES (:numero, :sel, :le, :genre, :structure, :usager, :acteur, :objet, :texte);

-- name: journal_act(int numero) maybe
SELECT f.numero, f.engagement, a.sel, a.le, a.genre, a.structure_id, a.usager_id, a.acteur, a.objet, a.texte
FROM journal_feuille f LEFT JOIN journal_acte a ON a.numero = f.numero WHERE f.numero = :numero;

-- name: journal_size() one
SELECT coalesce(max(numero), -1) + 1 AS taille -- int
FROM journal_feuille;
