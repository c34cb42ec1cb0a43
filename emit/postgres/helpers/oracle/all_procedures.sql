-- The routines as ALL_PROCEDURES shows those that stand alone (Database Reference, ALL_PROCEDURES).
-- needs: dictionary_schemas, source_name
CREATE OR REPLACE VIEW godwit_oracle.all_procedures AS
SELECT s.owner, godwit_oracle.source_name(p.proname) AS object_name, NULL::text AS procedure_name, p.oid::bigint::numeric AS object_id,
    CASE WHEN p.prokind = 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END AS object_type, s.mine
FROM pg_catalog.pg_proc AS p JOIN godwit_oracle.dictionary_schemas AS s ON s.schema = p.pronamespace
WHERE p.prokind IN ('p', 'f') AND p.prorettype <> 'trigger'::regtype;
