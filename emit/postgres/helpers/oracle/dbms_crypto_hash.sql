-- The hash of bytes (PL/SQL Packages and Types Reference, DBMS_CRYPTO): 2 is MD5, 3 SHA-1, 4 to 6 are SHA-256, SHA-384 and SHA-512. MD4 is not there.
-- needs: standard_hash
CREATE OR REPLACE FUNCTION godwit_oracle.dbms_crypto_hash(value bytea, method numeric) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT godwit_oracle.standard_hash(value, CASE method WHEN 2 THEN 'MD5' WHEN 3 THEN 'SHA1' WHEN 4 THEN 'SHA256' WHEN 5 THEN 'SHA384' WHEN 6 THEN 'SHA512' ELSE 'number ' || method END)
$$;
