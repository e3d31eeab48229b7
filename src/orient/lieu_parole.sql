-- What sources say of a place, and its record.

-- name: fiche_lue(text id) maybe
SELECT id, pivot, nom, commune, code_postal, code_insee, adresse, complement_adresse, latitude,
	longitude, position, typologie, telephone, courriels, site_web, horaires,
	presentation_resume, presentation_detail, source, itinerance, structure_parente, date_maj,
	services, publics_specifiquement_adresses, prise_en_charge_specifique, frais_a_charge,
	dispositif_programmes_nationaux, formations_labels, autres_formations_labels,
	modalites_acces, modalites_accompagnement, fiche_acces_libre, prise_rdv, horaires_texte,
	publication, publication_motif, adresse_protegee, cree_le, maj_le, absent_depuis,
	confirme_le, alerte, alerte_le
FROM lieu WHERE id = :id;

-- name: lieu_paroles(text lieu_id) many
SELECT s.source_id, s.id_source, q.nom, q.titre, s.valeurs, s.date_maj, s.importe_le,
	s.absent_depuis, s.lieu_origine
FROM lieu_source s JOIN source q ON q.id = s.source_id
WHERE s.lieu_id = :lieu_id ORDER BY q.nom, s.id_source;

-- name: lieu_parole_set(text source_id, text id_source, text valeurs) exec
UPDATE lieu_source SET valeurs = :valeurs
WHERE source_id = :source_id AND id_source = :id_source;
