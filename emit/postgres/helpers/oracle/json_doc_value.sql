-- A value as part of a document, null for NULL (PL/SQL Packages and Types Reference, JSON_OBJECT_T: put).
CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_value(value text) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(to_json(nullif(value, '')), 'null')
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_value(value numeric) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(to_json(trim_scale(value)), 'null')
$$;

CREATE OR REPLACE FUNCTION godwit_oracle.json_doc_value(value boolean) RETURNS json
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT coalesce(to_json(value), 'null')
$$;
