-- The 4 or 16 bytes of an address; NULL for what is none.
-- needs: is_ipv4
CREATE OR REPLACE FUNCTION godwit_mysql.inet6_aton(value text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF godwit_mysql.is_ipv4(value) = 1 THEN
    RETURN (SELECT string_agg(decode(lpad(to_hex(p::integer), 2, '0'), 'hex'), '' ORDER BY i)
      FROM unnest(string_to_array(value COLLATE "C", '.')) WITH ORDINALITY AS t(p, i));
  ELSIF value COLLATE "C" !~ '^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$' THEN
    RETURN NULL;
  END IF;
  RETURN substr(inet_send(value::inet), 5);
EXCEPTION WHEN invalid_text_representation THEN
  RETURN NULL;
END
$$;
