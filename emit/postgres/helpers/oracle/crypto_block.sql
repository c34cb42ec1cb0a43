-- AES in CBC mode by the extension pgcrypto, without padding. method is DBMS_CRYPTO's sum of cipher, chaining and padding: 4358, 4359 and 4360 are AES with 128, 192 and 256 bits, CBC, PKCS5.
CREATE OR REPLACE FUNCTION godwit_oracle.crypto_block(value bytea, method numeric, key bytea, iv bytea, decrypt boolean) RETURNS bytea
LANGUAGE plpgsql STABLE AS $$
DECLARE
  size integer := CASE method WHEN 4358 THEN 16 WHEN 4359 THEN 24 WHEN 4360 THEN 32 END;
  home text := (SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'pgcrypto');
  result bytea;
BEGIN
  IF home IS NULL THEN
    RAISE EXCEPTION 'the extension pgcrypto is not installed' USING ERRCODE = '0A000';
  ELSIF size IS NULL THEN
    RAISE EXCEPTION 'DBMS_CRYPTO with the type %', coalesce(method::text, 'NULL') USING ERRCODE = '0A000';
  ELSIF key IS NULL THEN
    RAISE EXCEPTION 'ORA-28239: no key provided' USING ERRCODE = '22004';
  ELSIF length(key) < size THEN
    RAISE EXCEPTION 'ORA-28234: key length too short' USING ERRCODE = '22023';
  ELSIF length(key) > size OR length(iv) <> 16 THEN
    RAISE EXCEPTION 'DBMS_CRYPTO with a key or initialization vector of another length' USING ERRCODE = '0A000';
  END IF;
  EXECUTE format('SELECT %I.%I($1, $2, $3, ''aes-cbc/pad:none'')', home, CASE WHEN decrypt THEN 'decrypt_iv' ELSE 'encrypt_iv' END)
    INTO result USING value, key, coalesce(iv, decode(repeat('00', 16), 'hex'));
  RETURN result;
END
$$;
