-- All that is kept of a person here: given back, then erased in the order of references.

-- name: personne_fiche(text usager) maybe
SELECT numero, nom, naissance, telephone, langue, garde, cree_le FROM usager WHERE id = :usager;

-- name: personne_mandats(text usager) many
SELECT id, structure_id, sorte, proche, raison, duree, mode, etat, cree_le, signe_le, expire_le, arrete_le,
	protection, protecteur, papier, renouvelle, attestation
FROM mandat WHERE usager_id = :usager ORDER BY id;

-- name: personne_actes(text usager) many
SELECT id, mandat_id, demarche, fait, resultat, reference, suite, documents, raison, le,
	numero
FROM acte WHERE usager_id = :usager ORDER BY id;

-- name: personne_histoire(text usager) many
SELECT id, genre, demarche, texte, le FROM histoire WHERE usager_id = :usager ORDER BY id;

-- name: personne_desaccords(text usager) many
SELECT id, texte, etat, reponse, le FROM desaccord WHERE usager_id = :usager ORDER BY id;

-- name: personne_autorisations(text usager) many
SELECT x.mandat_id, x.demarche, x.arretee_le, x.arretee_par FROM autorisation x JOIN mandat m ON m.id = x.mandat_id
WHERE m.usager_id = :usager ORDER BY x.mandat_id, x.demarche;

-- name: personne_agents(text usager) many
SELECT g.mandat_id, a.prenom, a.nom, g.depuis FROM mandat_agent g JOIN mandat m ON m.id = g.mandat_id
JOIN agent a ON a.id = g.agent_id WHERE m.usager_id = :usager ORDER BY g.mandat_id, g.agent_id;

-- name: personne_lectures(text usager) many
SELECT l.mandat_id, a.prenom, a.nom, l.raison, l.le FROM mandat_lecture l JOIN mandat m ON m.id = l.mandat_id
JOIN agent a ON a.id = l.agent_id WHERE m.usager_id = :usager ORDER BY l.le, l.mandat_id;

-- name: personne_consentements(text usager) many
SELECT c.mandat_id, c.canal, c.telephone, c.etat, c.oui_le, c.preuve, c.preuve_le, c.cree_le
FROM consentement c JOIN mandat m ON m.id = c.mandat_id WHERE m.usager_id = :usager ORDER BY c.id;

-- name: personne_transferts(text usager) many
SELECT t.mandat_id, s.nom AS vers, t.etat, t.le FROM transfert t JOIN mandat m ON m.id = t.mandat_id
JOIN structure s ON s.id = t.vers WHERE m.usager_id = :usager ORDER BY t.id;

-- name: personne_identites(text usager) many
SELECT fournisseur, sujet, liee_le FROM usager_identite WHERE usager_id = :usager ORDER BY liee_le, fournisseur;

-- name: personne_venues(text usager) many
SELECT preuve, cree_le, fermee_le FROM usager_session WHERE usager_id = :usager ORDER BY cree_le, empreinte;

-- Messages know a number, not a person: those of a number that was this person's.
-- name: personne_messages(text usager) many
SELECT e.genre, e.destinataire, e.etat, e.cree_le FROM envoi e
WHERE e.destinataire IN (SELECT telephone FROM usager WHERE id = :usager AND telephone IS NOT NULL
	UNION SELECT c.telephone FROM consentement c JOIN mandat m ON m.id = c.mandat_id
	WHERE m.usager_id = :usager AND c.telephone IS NOT NULL)
ORDER BY e.id;

-- name: personne_reponses(text usager) many
SELECT r.texte, r.recu_le FROM envoi_reponse r
WHERE r.expediteur IN (SELECT telephone FROM usager WHERE id = :usager AND telephone IS NOT NULL
	UNION SELECT c.telephone FROM consentement c JOIN mandat m ON m.id = c.mandat_id
	WHERE m.usager_id = :usager AND c.telephone IS NOT NULL)
ORDER BY r.id;

-- A number may serve several people: what still waits for another of them is left to them.
-- name: personne_sans_messages(text usager) exec
UPDATE envoi SET destinataire = NULL, cle = NULL, objet = NULL, texte = NULL, html = NULL, id_distant = NULL,
	etat = CASE WHEN etat = 'attente' THEN 'annule' ELSE etat END
WHERE destinataire IN (SELECT telephone FROM usager WHERE id = :usager AND telephone IS NOT NULL
		UNION SELECT c.telephone FROM consentement c JOIN mandat m ON m.id = c.mandat_id
		WHERE m.usager_id = :usager AND c.telephone IS NOT NULL)
	AND (etat NOT IN ('attente', 'en_cours') OR NOT EXISTS (SELECT 1 FROM usager x
		WHERE x.telephone = envoi.destinataire AND x.id <> :usager));

-- name: personne_sans_reponses(text usager) exec
DELETE FROM envoi_reponse
WHERE expediteur IN (SELECT telephone FROM usager WHERE id = :usager AND telephone IS NOT NULL
		UNION SELECT c.telephone FROM consentement c JOIN mandat m ON m.id = c.mandat_id
		WHERE m.usager_id = :usager AND c.telephone IS NOT NULL)
	AND (lu_le IS NOT NULL OR NOT EXISTS (SELECT 1 FROM usager x
		WHERE x.telephone = envoi_reponse.expediteur AND x.id <> :usager));

-- name: personne_sans_stop(text usager) exec
DELETE FROM envoi_stop
WHERE destinataire IN (SELECT telephone FROM usager WHERE id = :usager AND telephone IS NOT NULL)
	AND NOT EXISTS (SELECT 1 FROM usager x WHERE x.telephone = envoi_stop.destinataire AND x.id <> :usager);

-- name: personne_sans_codes(text usager) exec
DELETE FROM federation_code WHERE mandat_id IN (SELECT id FROM mandat WHERE usager_id = :usager);

-- name: personne_sans_transferts(text usager) exec
DELETE FROM transfert WHERE mandat_id IN (SELECT id FROM mandat WHERE usager_id = :usager);

-- name: personne_sans_desaccords(text usager) exec
DELETE FROM desaccord WHERE usager_id = :usager;

-- name: personne_sans_histoire(text usager) exec
DELETE FROM histoire WHERE usager_id = :usager;

-- name: personne_sans_actes(text usager) exec
DELETE FROM acte WHERE usager_id = :usager;

-- name: personne_sans_consentements(text usager) exec
DELETE FROM consentement WHERE mandat_id IN (SELECT id FROM mandat WHERE usager_id = :usager);

-- name: personne_sans_lectures(text usager) exec
DELETE FROM mandat_lecture WHERE mandat_id IN (SELECT id FROM mandat WHERE usager_id = :usager);

-- name: personne_sans_agents(text usager) exec
DELETE FROM mandat_agent WHERE mandat_id IN (SELECT id FROM mandat WHERE usager_id = :usager);

-- name: personne_sans_autorisations(text usager) exec
DELETE FROM autorisation WHERE mandat_id IN (SELECT id FROM mandat WHERE usager_id = :usager);

-- name: personne_sans_suite(text usager) exec
UPDATE mandat SET renouvelle = NULL WHERE usager_id = :usager OR renouvelle IN (SELECT id FROM mandat WHERE usager_id = :usager);

-- name: personne_sans_mandats(text usager) exec
DELETE FROM mandat WHERE usager_id = :usager;

-- name: personne_sans_identites(text usager) exec
DELETE FROM usager_identite WHERE usager_id = :usager;

-- name: personne_sans_sessions(text usager) exec
DELETE FROM usager_session WHERE usager_id = :usager;

-- name: personne_sans_acces(text usager) exec
DELETE FROM usager_acces WHERE usager_id = :usager;

-- name: personne_sans_carte(text usager) exec
DELETE FROM usager_code WHERE usager_id = :usager;

-- name: personne_sans_fiche(text usager) exec
DELETE FROM usager WHERE id = :usager;
