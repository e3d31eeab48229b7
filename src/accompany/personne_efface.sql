-- All that is kept of a person here: given back, then erased in the order of references.

-- name: personne_fiche(text usager) maybe
SELECT numero, nom, naissance, telephone, langue, garde, cree_le FROM usager WHERE id = :usager;

-- name: personne_mandats(text usager) many
SELECT id, structure_id, sorte, proche, raison, duree, mode, etat, cree_le, signe_le, expire_le, arrete_le
FROM mandat WHERE usager_id = :usager ORDER BY id;

-- name: personne_actes(text usager) many
SELECT id, mandat_id, demarche, fait, resultat, reference, suite, documents, le, numero
FROM acte WHERE usager_id = :usager ORDER BY id;

-- name: personne_histoire(text usager) many
SELECT id, genre, demarche, texte, le FROM histoire WHERE usager_id = :usager ORDER BY id;

-- name: personne_desaccords(text usager) many
SELECT id, texte, etat, reponse, le FROM desaccord WHERE usager_id = :usager ORDER BY id;

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
