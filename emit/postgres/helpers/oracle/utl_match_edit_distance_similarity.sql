-- How similar two texts are by their edit distance, from 0 to 100 (PL/SQL Packages and Types Reference, UTL_MATCH): the share of the longer text that is kept.
-- needs: utl_match_edit_distance
CREATE OR REPLACE FUNCTION godwit_oracle.utl_match_edit_distance_similarity(a text, b text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT round((1 - godwit_oracle.utl_match_edit_distance(a, b) / greatest(length(a), length(b), 1)) * 100)
$$;
