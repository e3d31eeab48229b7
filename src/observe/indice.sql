-- Territories, as roll-ups need them: who lies in whom, and how many live there.

-- name: decoupage_territoires() each
SELECT niveau, code, nom, departement, region, epci, ept, commune, population
FROM territoire ORDER BY niveau, code;

-- name: decoupage_anciens() each
SELECT ancien_code, min(code) AS code -- text
FROM territoire_nom
WHERE niveau = 'commune' AND ancien_code IS NOT NULL GROUP BY ancien_code ORDER BY ancien_code;
