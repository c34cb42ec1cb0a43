-- The position of a text in a comma separated list, 0 when it is not there; compares code points.
CREATE OR REPLACE FUNCTION godwit_mysql.find_in_set(part text, list text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT CASE WHEN list = '' OR part COLLATE "C" LIKE '%,%' THEN 0
    ELSE coalesce(array_position(string_to_array(list COLLATE "C", ','), part COLLATE "C"), 0) END
$$;
