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

-- name: journal_leaves(int depuis, int jusque) each
SELECT numero, engagement FROM journal_feuille
WHERE numero >= :depuis AND numero < :jusque ORDER BY numero;

-- name: journal_all() each
SELECT f.numero, f.engagement, a.sel, a.le, a.genre, a.structure_id, a.usager_id, a.acteur, a.objet, a.texte
FROM journal_feuille f LEFT JOIN journal_acte a ON a.numero = f.numero ORDER BY f.numero;

-- Acts without a leaf: a hole among leaves is seen by who reads them.
-- name: journal_orphans() one
SELECT count(*) AS n -- int
FROM journal_acte WHERE numero < 0 OR numero > (SELECT coalesce(max(numero), -1) FROM journal_feuille);

-- name: journal_heads() many
SELECT taille, racine, note FROM journal_tete ORDER BY taille;

-- name: journal_head_last() maybe
SELECT taille, racine, note FROM journal_tete ORDER BY taille DESC LIMIT 1;

-- name: journal_head_at(int taille) maybe
SELECT taille, racine, note FROM journal_tete WHERE taille = :taille;

-- The last head before what was recorded from that moment on.
-- name: journal_head_before(text le) maybe
SELECT taille, racine, note FROM journal_tete
WHERE taille <= (SELECT coalesce(min(numero), 9223372036854775807) FROM journal_acte WHERE le >= :le)
ORDER BY taille DESC LIMIT 1;

-- name: journal_head_add(int taille, blob racine, text note) exec
INSERT INTO journal_tete (taille, racine, note) VALUES (:taille, :racine, :note)
ON CONFLICT (taille) DO NOTHING;

-- Of many heads that nobody else signed, the last of each 1,024 leaves is enough.
-- name: journal_heads_thin(int recent) exec
DELETE FROM journal_tete WHERE taille < :recent
AND EXISTS (SELECT 1 FROM journal_tete t WHERE t.taille > journal_tete.taille
	AND t.taille / 1024 = journal_tete.taille / 1024)
AND NOT EXISTS (SELECT 1 FROM journal_temoignage g WHERE g.taille = journal_tete.taille);

-- name: journal_origins() many
SELECT depuis, origine, cle FROM journal_origine ORDER BY depuis;

-- name: journal_origin_add(int depuis, text origine) exec
INSERT INTO journal_origine (depuis, origine) VALUES (:depuis, :origine)
ON CONFLICT (depuis) DO NOTHING;

-- name: journal_origin_key(text origine, blob cle) exec
UPDATE journal_origine SET cle = :cle WHERE origine = :origine AND cle IS NULL;

-- name: journal_cosigned(int taille) many
SELECT cle, ligne FROM journal_temoignage WHERE taille = :taille ORDER BY cle;

-- name: journal_cosigned_all() many
SELECT taille, cle, ligne FROM journal_temoignage ORDER BY taille, cle;

-- name: journal_cosign_add(int taille, text cle, text ligne) exec
INSERT INTO journal_temoignage (taille, cle, ligne) VALUES (:taille, :cle, :ligne)
ON CONFLICT (taille, cle) DO UPDATE SET ligne = excluded.ligne;

-- name: journal_followed(text origine) maybe
SELECT origine, cle, note FROM journal_suivi WHERE origine = :origine;

-- name: journal_followed_all() many
SELECT origine, cle, note FROM journal_suivi ORDER BY origine;

-- name: journal_follow(text origine, text cle) exec
INSERT INTO journal_suivi (origine, cle, note) VALUES (:origine, :cle, NULL)
ON CONFLICT (origine) DO UPDATE SET cle = excluded.cle, note = NULL;

-- name: journal_follow_note(text origine, text note) exec
UPDATE journal_suivi SET note = :note WHERE origine = :origine;

-- name: journal_unfollow(text origine) exec
DELETE FROM journal_suivi WHERE origine = :origine;

-- name: journal_numbers_of(text usager) each
SELECT numero FROM journal_acte WHERE usager_id = :usager ORDER BY numero;

-- name: journal_erase_of(text usager) exec
DELETE FROM journal_acte WHERE usager_id = :usager;

-- name: journal_numbers_about(text objet) each
SELECT numero FROM journal_acte WHERE objet = :objet ORDER BY numero;

-- name: journal_erase_objet(text objet) exec
DELETE FROM journal_acte WHERE objet = :objet;

-- name: journal_older(text avant) each
SELECT numero, le, genre FROM journal_acte WHERE le < :avant ORDER BY numero;

-- name: journal_erase_one(int numero) exec
DELETE FROM journal_acte WHERE numero = :numero;

-- name: journal_of_usager(text usager, int avant, int most) many
SELECT numero, le, genre, structure_id, acteur, objet, texte FROM journal_acte
WHERE usager_id = :usager AND numero < :avant ORDER BY numero DESC LIMIT :most;
