-- Estimates that are kept (observe/estimation.h).

-- name: estimation_enquete_put(text nom, text titre, text source, text champ, text avertissement, int annee, int repondants, int tirages, int graine, text calcule_le) exec
INSERT INTO estimation_enquete (nom, titre, source, champ, avertissement, annee, repondants,
	tirages, graine, calcule_le)
VALUES (:nom, :titre, :source, :champ, :avertissement, :annee, :repondants, :tirages, :graine,
	:calcule_le);

-- name: estimation_resultat_put(text enquete, int rang, text nom, text libelle, int concerne) exec
INSERT INTO estimation_resultat (enquete, rang, nom, libelle, concerne)
VALUES (:enquete, :rang, :nom, :libelle, :concerne);

-- name: estimation_put(text enquete, text niveau, text code, int resultat, text statut, real? base, real? nombre, real? bas, real? haut, int manquantes) exec
INSERT INTO estimation (enquete, niveau, code, resultat, statut, base, nombre, bas, haut,
	manquantes)
VALUES (:enquete, :niveau, :code, :resultat, :statut, :base, :nombre, :bas, :haut, :manquantes);

-- name: estimation_drop(text enquete) exec
DELETE FROM estimation WHERE enquete = :enquete;

-- name: estimation_resultat_drop(text enquete) exec
DELETE FROM estimation_resultat WHERE enquete = :enquete;

-- name: estimation_enquete_drop(text enquete) exec
DELETE FROM estimation_enquete WHERE nom = :enquete;

-- name: estimation_rows_of(text niveau, text code) many
SELECT e.enquete, q.titre, q.source, q.champ, q.avertissement, q.annee, q.repondants,
	r.nom AS resultat, r.libelle, r.concerne, e.statut, e.base, e.nombre, e.bas, e.haut,
	e.manquantes, q.calcule_le
FROM estimation e
JOIN estimation_enquete q ON q.nom = e.enquete
JOIN estimation_resultat r ON r.enquete = e.enquete AND r.rang = e.resultat
WHERE e.niveau = :niveau AND e.code = :code
ORDER BY q.calcule_le DESC, e.enquete, e.resultat;

-- name: estimation_latest(text resultat) maybe
SELECT q.nom, r.rang FROM estimation_enquete q
JOIN estimation_resultat r ON r.enquete = q.nom AND r.nom = :resultat
ORDER BY q.calcule_le DESC, q.nom LIMIT 1;

-- name: estimation_rank(text enquete, text resultat) maybe
SELECT rang FROM estimation_resultat WHERE enquete = :enquete AND nom = :resultat;

-- name: estimation_intervalles(text enquete, text resultat, text niveau) each
SELECT e.code, e.bas, e.haut FROM estimation e
JOIN estimation_resultat r ON r.enquete = e.enquete AND r.rang = e.resultat
WHERE e.enquete = :enquete AND e.niveau = :niveau AND r.nom = :resultat ORDER BY e.code;

-- name: estimation_communes(text enquete, int resultat) each
SELECT code, nombre FROM estimation
WHERE enquete = :enquete AND niveau = 'commune' AND resultat = :resultat ORDER BY code;

-- name: estimation_secrets(text enquete, text niveau) each
SELECT code FROM estimation
WHERE enquete = :enquete AND niveau = :niveau AND statut = 'secret' GROUP BY code ORDER BY code;
