-- The hash of bytes (SQL Language Reference, STANDARD_HASH): SHA1, SHA256, SHA384, SHA512 or MD5. Empty for NULL is NULL.
-- needs: sha1
CREATE OR REPLACE FUNCTION godwit_oracle.standard_hash(value bytea, method text DEFAULT 'SHA1') RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  CASE upper(method)
    WHEN 'MD5' THEN RETURN decode(md5(value), 'hex');
    WHEN 'SHA1' THEN RETURN decode(godwit_oracle.sha1(value), 'hex');
    WHEN 'SHA256' THEN RETURN sha256(value);
    WHEN 'SHA384' THEN RETURN sha384(value);
    WHEN 'SHA512' THEN RETURN sha512(value);
    ELSE
      RAISE EXCEPTION 'ORA-28817: the hash method % is unknown', method USING ERRCODE = '22023';
  END CASE;
END
$$;

-- The hash of a text in the character set AL32UTF8.
CREATE OR REPLACE FUNCTION godwit_oracle.standard_hash(value text, method text DEFAULT 'SHA1') RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT godwit_oracle.standard_hash(convert_to(value, 'UTF8'), method)
$$;
