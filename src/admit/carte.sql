-- Physical cards.

-- name: carte_state(text serie, text etat) exec
UPDATE carte SET etat = :etat WHERE serie = :serie;

-- As people type what is printed on a back: any case, with or without spaces, hyphens, dots.
-- name: carte_row(text cle) maybe
SELECT serie, graine, pas, chiffres, etat, structure_id FROM carte
WHERE upper(replace(replace(replace(replace(serie, ' ', ''), '-', ''), '.', ''), '_', '')) = :cle
ORDER BY serie LIMIT 1;

-- A card that nobody holds, for this agent.
-- name: carte_take(text serie) exec
UPDATE carte SET etat = 'remise' WHERE serie = :serie AND etat = 'libre';

-- A new card; no row changes when the serial is there already.
-- name: carte_add(text serie, blob graine, int pas, int chiffres, text structure, text now) exec
INSERT INTO carte (serie, graine, pas, chiffres, structure_id, importee_le)
VALUES (:serie, :graine, :pas, :chiffres, :structure, :now)
ON CONFLICT (serie) DO NOTHING;

-- name: carte_counts(text structure) many
SELECT etat, count(*) AS n -- int
FROM carte WHERE structure_id IS NULL OR structure_id = :structure
GROUP BY etat ORDER BY etat;
